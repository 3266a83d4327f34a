import { describe, expect, it } from "vitest";
import { type DemandContext, forecastDemand } from "../../../src/planner/demand/forecast-demand.ts";
import { normal, seededRandom } from "../../../src/stats/random.ts";
import { contextWith, lead, levels, sized } from "../sizers/context.ts";
import { EXAMPLES } from "../sizers/examples.ts";

const GIB = 1024 ** 3;

describe("what breaks at once is sized by the highest point, the rest by the busy hour", () => {
  const memory = { name: "memory", demand: "d", usage: "u", memory: "8GiB" };
  const observed = {
    instances: "api",
    pool: 60,
    maxConnections: 200,
    scaleOut: 5,
    surge: "25%",
    observed: "d",
  };
  it.each<[string, object, "highest" | "demand"]>([
    ["concurrency", EXAMPLES.concurrency?.params as object, "highest"],
    ["limit", EXAMPLES.limit?.params as object, "highest"],
    ["redis-memory", EXAMPLES["redis-memory"]?.params as object, "highest"],
    ["connections", observed, "highest"],
    ["instances", { current: 3, drivers: [memory] }, "highest"],
    ["instances", EXAMPLES.instances?.params as object, "demand"],
    ["database-class", EXAMPLES["database-class"]?.params as object, "demand"],
  ])("%s of %j by the %s", (name, params, expected) => {
    const context = contextWith({
      demands: { d: levels(GIB, 2 * GIB) },
      cost: 1,
      resources: { api: levels(3, 5) },
    });
    const higher = contextWith({ demands: { d: levels(3 * GIB, 4 * GIB) } }).demand;
    const driver = lead(sized(name, params, { ...context, highest: higher }));
    expect(driver.levels.p50.at(-1)).toBe((expected === "highest" ? 4 : 2) * GIB);
  });
});

describe("the highest points of a year", () => {
  const END = Date.parse("2026-11-16T00:00:00Z");
  const [HOUR, DAY] = [3_600_000, 86_400_000];
  /** Daily level with 3% noise; in the busy hour one point of twelve is half above the mean. */
  const history = () => {
    const random = seededRandom(3);
    const older: number[] = [];
    const values: number[] = [];
    for (let day = -400; day < 0; day++) {
      const level = 100 * Math.exp(0.03 * normal(random));
      for (let hour = 0; hour < 24; hour++) {
        const mean = level * (hour === 14 ? 1 : 0.6);
        if (day < -90) older.push(mean);
        else
          for (let point = 0; point < 12; point++)
            values.push(mean * (point === 5 ? 1.5 : (1 - 1.5 / 12) / (11 / 12)));
      }
    }
    const coarse = {
      start: new Date(END - 400 * DAY + HOUR).toISOString(),
      stepSeconds: 3600,
      values: older,
    };
    return {
      ...{ id: "s", query: "", values, older: coarse, resets: 0 },
      ...{ truncated: false, warnings: [], failure: null },
    };
  };
  const forecast = (of: NonNullable<DemandContext["of"]>) =>
    forecastDemand({ id: "s", unit: "count", kind: "flow" }, history(), {
      // A point tells of the step before it.
      ...{ startMs: END - 90 * DAY + HOUR / 12, stepMs: HOUR / 12, endMs: END },
      ...{ horizonDays: 30, additions: { growth: 0, events: [] }, operators: null, of },
    });

  it("do not jump where the hourly part ends: they are as far above the busy hour as they are lately", () => {
    const [mean, highest] = [forecast("busy-hour"), forecast("highest-point")];
    for (const quantile of ["p10", "p50", "p90"] as const)
      expect(
        (highest.path?.[quantile].at(-1) as number) / (mean.path?.[quantile].at(-1) as number),
      ).toBeCloseTo(1.5, 6);
    expect(highest.findings).toEqual(mean.findings);
  });
});
