import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import type { PlanComparison } from "../../src/model/comparison.ts";
import type { Fleet } from "../../src/model/fleet.ts";
import type { History } from "../../src/model/history.ts";
import {
  type ForecastDemand,
  isForecast,
  isSized,
  type Plan,
  type SizingLine,
} from "../../src/model/plan.ts";
import { listSystems } from "../../src/systems/list-systems.ts";
import { loadJourney } from "../../src/systems/load-scenario.ts";
import { loadTestbed } from "../../src/systems/load-testbed.ts";
import { truthOf } from "../../src/testbed/past.ts";
import { headroom, temporaryFolder } from "./cli.ts";
import { backfillFile, withPrometheus } from "./prometheus-server.ts";

const AS_OF = "2026-11-16";
const DAY_MS = 86_400_000;
const endMs = Date.parse(AS_OF);
/** Each system a past of its own, so that not all have the same luck. */
const seedOf = (system: string) => String(listSystems(".").indexOf(system) + 1);
const LIVE = ["--as-of", AS_OF, "--scrape", "2m"];

/** 90 made-up days of a system in a real Prometheus. */
async function withPast<T>(system: string, use: (url: string) => Promise<T>): Promise<T> {
  const text = join(temporaryFolder(), "history.txt");
  const args = ["--write-history", text, "--scrape", "2m", "--as-of", AS_OF, "--seed", seedOf(system)];
  expect(await headroom(["testbed", system, ...args])).toMatchObject({ exitCode: 0 });
  return await withPrometheus({ data: await backfillFile(text) }, use);
}

const demand = (plan: Plan, signal: string) =>
  plan.demands.filter(isForecast).find((one) => one.signal === signal) as ForecastDemand;
const line = (plan: Plan, resource: string) =>
  plan.sizing.filter(isSized).find((one) => one.resource === resource) as SizingLine;

describe.skipIf(inject("prometheus") === null)("a plan from a real Prometheus", () => {
  it.each(listSystems(".").map((system) => [system]))(
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
        const shipped = ["--step", "1h", "--digits", "5", "--source", "the shipped sample", "--out", sample];
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

  it.each(listSystems(".").map((system) => [system]))(
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
    await withPast("ralph", async (url) => {
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

describe("plan and backtest from the sample", () => {
  it("--growth and --event stay beside the organic forecast", async () => {
    const out = temporaryFolder();
    const args = ["--growth", "20%", "--event", "2027-01-15:+40%:launch", "--json", "--out", out];
    const { stdout } = await headroom(["plan", "pynomaly", "--history", "sample", ...args]);
    const requests = demand(JSON.parse(stdout) as Plan, "requests");
    expect(requests.atHorizon.p50 / requests.organic.p50).toBeCloseTo(1.2 * 1.4, 1);
    expect(requests.added).toEqual([
      { name: "growth", from: null, factor: 1.2 },
      { name: "launch", from: "2027-01-15", factor: 1.4 },
    ]);
  });

  it.each([
    ["pynomaly", "from instance 3 on, full pools of 50 and a rolling update pass 197 connections"],
    ["companion", "from instance 3 on, full pools of 60 and a rolling update pass 197 connections"],
  ])("%s: what full pools could do is told, and is not called short", async (system, text) => {
    const args = ["plan", system, "--history", "sample", "--json", "--out", temporaryFolder()];
    const { stdout } = await headroom(args);
    const connections = line(JSON.parse(stdout) as Plan, "database-connections");
    expect(connections).toMatchObject({ evidence: "latent", runsOut: null, orderBy: null });
    expect(connections.latent[0]?.what).toContain(text);
  });

  it("a capacity that was measured is what the plan divides by", async () => {
    const folder = temporaryFolder();
    const { stdout } = await headroom([
      "plan",
      "pynomaly",
      "--history",
      "sample",
      "--capacity",
      "test/fixtures/capacity.json",
      "--json",
      "--out",
      folder,
    ]);
    expect(line(JSON.parse(stdout) as Plan, "api-instances").capacity).toEqual({
      value: 20 * 0.7,
      unit: "requests/s per instance",
      source: "measured",
    });
  });

  it("backtests a system's demands", async () => {
    const said = await headroom(["backtest", "pynomaly", "--history", "sample", "--json"]);
    const { series, summary } = JSON.parse(said.stdout) as {
      series: { id: string }[];
      summary: { owa: number; coverage95: number };
    };
    expect(series.map(({ id }) => id)).toContain("requests");
    expect(summary.owa).toBeLessThan(1);
    expect(summary.coverage95).toBeGreaterThan(0.8);
  });

  it.each([
    [["--event", "2027-02-30:+4%:x"], "must be like"],
    [["--growth", "20"], "percentage"],
    [["--history", "nowhere.json"], "no such file"],
    [["--history", "sample", "--prometheus", "http://127.0.0.1:9"], "two histories"],
    [["--history", "sample", "--format", "pdf"], "json, markdown, html, csv"],
    [["--history", "sample", "--catalogue", "package.json"], "schema"],
  ])("bad input %j ends with 2 and says what is right", async (args, text) => {
    const said = await headroom(["plan", "ralph", ...args]);
    expect(said).toMatchObject({ exitCode: 2, stdout: "" });
    expect(said.stderr).toContain(text);
  });
});

describe("plan --all", () => {
  it("plans every profile of a root that has nothing else, and goes on where one fails", async () => {
    const [root, out] = [temporaryFolder(), temporaryFolder()];
    for (const name of ["ralph.yaml", "pynomaly.yaml", "samples", "catalogue"])
      cpSync(join("profiles", name), join(root, "profiles", name), { recursive: true });
    const run = (...more: string[]) =>
      headroom(["plan", "--all", "--root", root, "--history", "sample", "--out", out, "--json", ...more]);
    const good = await run();
    const fleet = JSON.parse(good.stdout) as Fleet;
    expect(good.exitCode, good.stderr).toBe(0);
    expect(fleet.systems.map(({ system }) => system)).toEqual(["pynomaly", "ralph"]);
    expect(JSON.parse(readFileSync(join(out, "fleet.json"), "utf8"))).toEqual(fleet);
    const alone = JSON.parse(
      (await headroom(["plan", "ralph", "--history", "sample", "--capacity", "none", "--json"])).stdout,
    );
    expect(
      JSON.parse(readFileSync(join(out, "ralph", `plan-${alone.asOf.slice(0, 10)}`, "plan.json"), "utf8")),
    ).toEqual(alone);
    expect((await run("--fail-on", "exhaustion")).exitCode).toBe(1);
    writeFileSync(join(root, "profiles", "broken.yaml"), "schema: headroom/profile@1\nsystem: broken\n");
    const bad = await run();
    expect([bad.exitCode, (JSON.parse(bad.stdout) as Fleet).systems[0]]).toEqual([
      3,
      { system: "broken", failed: expect.stringMatching(/^profiles\/broken.yaml/) },
    ]);
  });

  it.each([
    [["plan"], "no system named"],
    [["plan", "ralph", "--all", "--history", "sample"], "ralph is named and --all given"],
    [["plan", "--all", "--root", "docs", "--history", "sample"], "holds no profiles/"],
  ])("%j ends with 2", async (args, text) => {
    const said = await headroom(args);
    expect([said.exitCode, said.stderr]).toEqual([2, expect.stringContaining(text)]);
  });
});

describe("compare of two plans", () => {
  it.each(listSystems("."))("%s: last month's forecast is scored by what came", async (system) => {
    const folder = temporaryFolder();
    const sample = JSON.parse(readFileSync(`profiles/samples/${system}.json`, "utf8")) as History;
    const days = 28;
    const before = {
      ...sample,
      end: new Date(Date.parse(sample.end) - days * DAY_MS).toISOString(),
      signals: sample.signals.map((signal) => ({
        ...signal,
        values: signal.values.slice(0, -(days * 86_400) / sample.stepSeconds),
      })),
    };
    writeFileSync(join(folder, "before.json"), JSON.stringify(before));
    const plan = (history: string, out: string) =>
      headroom([
        "plan",
        system,
        "--history",
        history,
        "--capacity",
        "none",
        "--out",
        join(folder, out),
        "--format",
        "json",
      ]);
    expect((await plan(join(folder, "before.json"), "older")).exitCode).toBe(0);
    expect((await plan("sample", "newer")).exitCode).toBe(0);
    const said = await headroom(["compare", join(folder, "newer"), join(folder, "older"), "--json"]);
    expect(said.exitCode, said.stderr).toBe(0);
    const { demands, resources, older, newer } = JSON.parse(said.stdout) as PlanComparison;
    expect(Date.parse(newer.asOf) - Date.parse(older.asOf)).toBe(days * DAY_MS);
    expect(demands.length).toBeGreaterThan(2);
    expect(resources.length).toBeGreaterThan(2);
    for (const demand of demands) {
      expect(demand.days, demand.signal).toBe(days);
      expect(demand.error, demand.signal).toBeLessThan(0.1);
    }
    const inside = demands.reduce((sum, { inside80 }) => sum + (inside80 ?? 0), 0) / demands.length;
    expect(inside).toBeGreaterThan(0.5);
    const shown = await headroom(["compare", join(folder, "older"), join(folder, "newer")]);
    expect(shown.stdout).toMatch(/demand +days +error +bias +inside 80%/);
  });
});
