import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { ForecastDemand } from "../../src/model/forecast-demand.ts";
import { isForecast, isSized, type Plan } from "../../src/model/plan.ts";
import { headroom, temporaryFolder } from "../e2e/cli.ts";
import { backfillFile, withPrometheus } from "../e2e/prometheus-server.ts";
import { DATABASES, withStack } from "./processes.ts";
import { DAYS, type Hour, liveThrough } from "./quarter.ts";

const AS_OF = "2026-11-16";
const END_S = Date.parse(AS_OF) / 1000;

/** The made-up past of the code's own metrics, and what the exporters said of a real database and a real cache. */
async function historyOf(system: string, exporters: string): Promise<string> {
  const own = join(temporaryFolder(), "own.txt");
  const args = ["--write-history", own, "--scrape", "1h", "--as-of", AS_OF];
  expect(await headroom(["testbed", system, ...args])).toMatchObject({ exitCode: 0 });
  const lines = readFileSync(own, "utf8").split("\n");
  const isOurs = (line: string) =>
    line !== "" && line !== "# EOF" && !/^(# TYPE )?(pg|redis|node)_/.test(line);
  const file = join(temporaryFolder(), "history.txt");
  writeFileSync(file, [...lines.filter(isOurs), readFileSync(exporters, "utf8"), "# EOF\n"].join("\n"));
  return file;
}

/** The busiest hour of the last day: what the plan calls now. */
const busiest = (hours: readonly Hour[], read: (hour: Hour) => number) =>
  Math.max(...hours.slice(-24).map(read));

describe.skipIf(inject("stack") === null || inject("prometheus") === null)(
  "a plan over real exporters",
  () => {
    let lived: Awaited<ReturnType<typeof liveThrough>>;
    beforeAll(async () => {
      lived = await withStack((stack) => liveThrough(stack, END_S));
    });

    it.each(DATABASES)("%s: database and cache are planned by what they say", async (database) => {
      const { file, hours } = lived;
      const system = database.replace("_", "-");
      const data = await backfillFile(await historyOf(system, file));
      const plan = await withPrometheus({ data }, async (url) => {
        const window = ["--as-of", AS_OF, "--length", `${DAYS}d`, "--scrape", "1h", "--step", "1h"];
        const out = temporaryFolder();
        const said = await headroom(["plan", system, "--prometheus", url, ...window, "--json", "--out", out]);
        expect(said.exitCode, said.stderr).toBe(0);
        return JSON.parse(said.stdout) as Plan;
      });
      // The disks are the host's, which may be too restless to be forecast.
      const refused = plan.demands.filter((one) => !isForecast(one) && one.signal !== "iops");
      expect(refused).toEqual([]);
      const unsized = plan.sizing.filter((one) => !isSized(one) && one.resource !== "database-iops");
      expect(unsized).toEqual([]);
      const demand = (signal: string) =>
        plan.demands.filter(isForecast).find((one) => one.signal === signal) as ForecastDemand;
      const near = (signal: string, truth: number, tolerance: number) =>
        expect(
          Math.abs(demand(signal).now / truth - 1),
          `${signal} ${demand(signal).now} ${truth}`,
        ).toBeLessThan(tolerance);
      const bytes = (hour: Hour | undefined) =>
        hour?.databaseBytes[DATABASES.indexOf(database)] ?? Number.NaN;
      near("storage", busiest(hours, bytes), 0.05);
      near(
        "redis-memory",
        busiest(hours, ({ redisBytes }) => redisBytes),
        0.1,
      );
      // The database grew a little faster every week: the forecast goes on from there.
      const grownPerDay = (bytes(hours.at(-1)) - bytes(hours[0])) / DAYS;
      const aheadPerDay = (demand("storage").atHorizon.p50 - demand("storage").now) / 90;
      expect(aheadPerDay / grownPerDay).toBeGreaterThan(0.7);
      expect(aheadPerDay / grownPerDay).toBeLessThan(1.6);
      if (database === "pynomaly") {
        near(
          "database-connections",
          busiest(hours, ({ connections }) => connections),
          0.1,
        );
        near(
          "redis-clients",
          busiest(hours, ({ clients }) => clients),
          0.15,
        );
      } else {
        // An hour writes rows, has the counters told, and asks for the size.
        near("transactions", 3 / 3600, 0.05);
        expect(plan.dataQuality.find(({ signal }) => signal === "iops")?.coverage).toBeGreaterThan(0.95);
      }
    });
  },
);
