import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import type { ForecastDemand } from "../../src/model/forecast-demand.ts";
import type { History } from "../../src/model/history.ts";
import { isForecast, isSized, type Plan } from "../../src/model/plan.ts";
import { listSystems } from "../../src/systems/list-systems.ts";
import { loadJourney } from "../../src/systems/load-scenario.ts";
import { loadTestbed } from "../../src/systems/load-testbed.ts";
import { truthOf } from "../../src/testbed/past.ts";
import { rowsOf } from "../matrix.ts";
import { headroom, temporaryFolder } from "./cli.ts";
import { AS_OF, pastOf, seedOf } from "./past.ts";
import { withPrometheus } from "./prometheus-server.ts";

const DAY_MS = 86_400_000;
const endMs = Date.parse(AS_OF);
const LIVE = ["--as-of", AS_OF, "--scrape", "2m"];

/** 90 made-up days of a system in a real Prometheus. */
const withPast = async <T>(system: string, use: (url: string) => Promise<T>): Promise<T> =>
  await withPrometheus({ data: (await pastOf(system)).blocks() }, use);

const demand = (plan: Plan, signal: string) =>
  plan.demands.filter(isForecast).find((one) => one.signal === signal) as ForecastDemand;

/** What stores.test.ts asks for as well: a past is dear to make. */
const SYSTEMS = rowsOf(listSystems("."), (system) => ["companion", "pynomaly"].includes(system));

describe.skipIf(inject("prometheus") === null)("a plan from a real Prometheus", () => {
  it.each(SYSTEMS)(
    "%s: everything is forecast and sized, and the snapshot gives the same plan to the byte",
    async (system) => {
      const folder = temporaryFolder();
      const live = join(folder, "live");
      const file = join(folder, "q4.json");
      const sample = join(folder, "sample.json");
      await withPast(system, async (url) => {
        const from = [system, "--prometheus", url, ...LIVE, "--step", "10m"];
        const said = await headroom(["plan", ...from, "--out", live]);
        expect(said.exitCode, said.stderr).toBe(0);
        expect((await headroom(["snapshot", ...from, "--out", file])).exitCode).toBe(0);
        const shipped = [
          "--length",
          "90d",
          "--step",
          "1h",
          "--digits",
          "5",
          "--source",
          "the shipped sample",
          "--out",
          sample,
        ];
        expect(
          (await headroom(["snapshot", system, "--prometheus", url, ...LIVE, ...shipped])).exitCode,
        ).toBe(0);
      });
      // The sample that ships is what this Prometheus gives: `-u` writes it anew.
      await expect(readFileSync(sample, "utf8")).toMatchFileSnapshot(`../../profiles/samples/${system}.json`);

      const plan = JSON.parse(readFileSync(join(live, "plan.json"), "utf8")) as Plan;
      expect(plan.demands.filter((one) => !isForecast(one))).toEqual([]);
      expect(plan.sizing.filter((one) => !isSized(one))).toEqual([]);
      for (const quality of plan.dataQuality) {
        expect(quality.coverage, quality.signal).toBeGreaterThan(0.99);
        expect(quality.gaps, quality.signal).toBe(quality.signal === "storage" ? quality.gaps : 1);
      }

      const replayed = join(folder, "replayed");
      for (const out of [replayed, join(folder, "again")])
        expect((await headroom(["plan", system, "--history", file, "--out", out])).exitCode).toBe(0);
      const read = (out: string, name: string) => readFileSync(join(out, name), "utf8");
      for (const name of ["plan.json", "plan.md", "sizing.csv", "series.csv"]) {
        expect(read(replayed, name)).toBe(read(live, name));
        expect(read(join(folder, "again"), name)).toBe(read(replayed, name));
      }
    },
  );

  it.each(SYSTEMS)(
    "%s: the plan finds the growth, the incidents and the resets that were made",
    async (system) => {
      const out = temporaryFolder();
      const { exitCode, stdout } = await headroom([
        "plan",
        system,
        "--history",
        "sample",
        "--out",
        out,
        "--json",
      ]);
      expect(exitCode).toBe(0);
      const plan = JSON.parse(stdout) as Plan;
      const past = (await loadTestbed(".", system, await loadJourney(".", system))).past;
      const window = { startMs: endMs - 90 * DAY_MS, endMs, stepMs: 120_000, seed: Number(seedOf(system)) };
      const truth = truthOf(past as NonNullable<typeof past>, window);
      const requests = past?.metrics.find(
        (metric) => metric.follows === "traffic" && metric.type === "counter" && metric.idle === undefined,
      );
      // The busiest weekday of the horizon's last week, without noise: an 80% interval may miss it, but not by much.
      const ahead = Array.from({ length: 7 }, (_, day) => truth.busyHour(endMs + (83 + day) * DAY_MS));
      const expected = (requests?.level ?? 0) * Math.max(...ahead);
      const { p10, p90 } = demand(plan, "requests").atHorizon;
      expect(p10).toBeLessThan(expected * 1.04);
      expect(p90).toBeGreaterThan(expected * 0.96);
      const quality = plan.dataQuality.find(({ signal }) => signal === "requests");
      const floodDay = new Date(truth.flood.startMs).toISOString().slice(0, 10);
      const outageDay = new Date(truth.outage.startMs).toISOString().slice(0, 10);
      expect(quality?.warnings.join(" ")).toContain(`incident on ${floodDay}`);
      expect(quality?.warnings.join(" ")).toContain(`incident on ${outageDay}`);
      expect(quality?.resets).toBe(Math.floor((90 * DAY_MS) / truth.resetEveryMs));
    },
  );

  it("asks the operators' thirty days of one minute, which their own script cannot", async () => {
    await withPast("pynomaly", async (url) => {
      const file = join(temporaryFolder(), "month.json");
      const args = ["--length", "30d", "--step", "1m", "--out", file];
      const said = await headroom(["snapshot", "pynomaly", "--prometheus", url, ...LIVE, ...args]);
      expect(said.exitCode, said.stderr).toBe(0);
      const history = JSON.parse(readFileSync(file, "utf8")) as History;
      expect(history.signals[0]?.values).toHaveLength(43_200);
      const response = await fetch(
        `${url}/api/v1/query_range?query=up&start=${endMs / 1000 - 30 * 86_400}&end=${endMs / 1000}&step=60`,
      );
      expect(response.status).toBe(400);
    });
  });

  it("ends with 3 when nothing answers, with 2 when nothing is given, and names a signal without samples", async () => {
    const nothing = await headroom(["plan", "pynomaly", "--prometheus", "http://127.0.0.1:9"]);
    expect(nothing).toMatchObject({ exitCode: 3, stdout: "" });
    expect(await headroom(["plan", "pynomaly"])).toMatchObject({ exitCode: 2 });
    await withPast("companion", async (url) => {
      const out = temporaryFolder();
      const other = await headroom([
        "plan",
        "pynomaly",
        "--prometheus",
        url,
        ...LIVE,
        "--json",
        "--out",
        out,
      ]);
      expect(other.exitCode).toBe(0);
      const plan = JSON.parse(other.stdout) as Plan;
      expect(plan.demands.find(({ signal }) => signal === "requests")).toEqual({
        signal: "requests",
        refused: "the query gives no samples",
      });
      expect(plan.sizing.find(({ resource }) => resource === "api-instances")).toHaveProperty("refused");
      const exhausted = ["--fail-on", "exhaustion", "--out", out];
      expect(
        (await headroom(["plan", "pynomaly", "--prometheus", url, ...LIVE, ...exhausted])).exitCode,
      ).toBe(1);
    });
  });
});
