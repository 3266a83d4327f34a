import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PlanComparison } from "../../src/model/comparison.ts";
import type { Fleet } from "../../src/model/fleet.ts";
import type { ForecastDemand } from "../../src/model/forecast-demand.ts";
import type { History } from "../../src/model/history.ts";
import { isForecast, isSized, type Plan } from "../../src/model/plan.ts";
import type { SizingLine } from "../../src/model/sizing-line.ts";
import { listSystems } from "../../src/systems/list-systems.ts";
import { rowsOf } from "../matrix.ts";
import { headroom, temporaryFolder } from "./cli.ts";

const DAY_MS = 86_400_000;
const demand = (plan: Plan, signal: string) =>
  plan.demands.filter(isForecast).find((one) => one.signal === signal) as ForecastDemand;
const line = (plan: Plan, resource: string) =>
  plan.sizing.filter(isSized).find((one) => one.resource === resource) as SizingLine;

describe.concurrent("plan and backtest from the sample", () => {
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
    // Those that are open may run out by their forecast; full pools alone give no date.
    if (system === "companion")
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
    // The made-up past grows along a straight line for ever, which no sound forecast bets on.
    expect(summary.owa).toBeLessThan(1.5);
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

describe.concurrent("plan --all", () => {
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

describe.concurrent("compare of two plans", () => {
  const systems = rowsOf(listSystems("."), (system) => ["pynomaly", "ralph"].includes(system));

  it.each(systems)("%s: last month's forecast is scored by what came", async (system) => {
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
      expect(demand.error, demand.signal).toBeLessThan(0.2);
    }
    const inside = demands.reduce((sum, { inside80 }) => sum + (inside80 ?? 0), 0) / demands.length;
    expect(inside).toBeGreaterThan(0.5);
    const shown = await headroom(["compare", join(folder, "older"), join(folder, "newer")]);
    expect(shown.stdout).toMatch(/demand +days +error +bias +inside 80%/);
  });
});
