import { describe, expect, it } from "vitest";
import {
  adjustedPaths,
  adjustedSpread,
  adjustmentsOf,
  factorAt,
} from "../../../src/planner/demand/additions.ts";
import { busyHours } from "../../../src/planner/demand/busy-hour.ts";
import { cleanDaily } from "../../../src/planner/demand/clean.ts";
import { qualityOf } from "../../../src/planner/demand/data-quality.ts";
import { type DemandContext, forecastDemand } from "../../../src/planner/demand/forecast-demand.ts";
import { operatorsForecast } from "../../../src/planner/demand/operators-rule.ts";
import { inferServiceDemand } from "../../../src/planner/demand/service-demand.ts";
import { normal, seededRandom } from "../../../src/stats/random.ts";
import { type PastWindow, trafficOf, truthOf } from "../../../src/testbed/past.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse("2026-08-18T00:00:00Z");
const STEP_MS = 10 * 60_000;

const history = (values: (number | null)[]) => ({
  id: "requests",
  query: "",
  values,
  resets: 0,
  truncated: false,
  warnings: [],
  failure: null,
});
const context: DemandContext = {
  startMs: START,
  stepMs: STEP_MS,
  endMs: START + 90 * DAY_MS,
  horizonDays: 90,
  additions: { growth: 0, events: [] },
  operators: null,
};
const spec = { id: "requests", unit: "per-second", kind: "flow" } as const;

describe("busy hour", () => {
  const day = (values: (number | null)[]) => busyHours({ startMs: START, stepMs: HOUR_MS / 2, values });
  const flat = new Array(48).fill(10);

  it("is the mean of the busiest hour, not its greatest point", () => {
    expect(day(flat.with(21, 90).with(22, 30))).toEqual([
      { day: START / DAY_MS, value: 60, peak: 90, hourMs: START + 10 * HOUR_MS },
    ]);
  });

  it("is not known of a day with more than six hours missing: it may have been among them", () => {
    expect(day([...flat.slice(0, 36), ...new Array(12).fill(null)])).toHaveLength(1);
    expect(day([...flat.slice(0, 34), ...new Array(14).fill(null)])).toHaveLength(0);
  });
});

describe("cleaning", () => {
  const week = [1, 1, 1, 1, 1, 0.6, 0.55];
  const made = (seed: number, change: (value: number, day: number) => number = (value) => value) => {
    const random = seededRandom(seed);
    const days = Array.from({ length: 90 }, (_, at) => 20_000 + at);
    const values = days.map((day, at) =>
      change(100 * (1 + 0.2 * (at / 90)) * (week[day % 7] as number) * Math.exp(0.04 * normal(random)), at),
    );
    return { days, values };
  };

  it("names an incident and leaves it out", () => {
    const { series, findings } = cleanDaily(made(1, (value, at) => (at === 40 ? value * 2 : value)));
    expect(series.days).not.toContain(20_040);
    expect(findings).toEqual([expect.stringMatching(/^incident on 2024-11-13 \(\+\d+%/)]);
  });

  it("brings earlier days to the level after a shift, and names it", () => {
    const { series, findings, refused } = cleanDaily(
      made(2, (value, at) => (at >= 50 ? value * 1.5 : value)),
    );
    expect(refused).toBeNull();
    expect(findings.join()).toMatch(/level shift on 2024-11-2[23] \(\+(4[3-9]|5[0-7])%\)/);
    const [before, after] = [series.values.slice(42, 49), series.values.slice(50, 57)].map((part) =>
      Math.max(...part),
    );
    expect((after as number) / (before as number)).toBeLessThan(1.15);
  });

  it("refuses what shifted a week ago: nothing is known of the new regime", () => {
    const { refused } = cleanDaily(made(3, (value, at) => (at >= 82 ? value * 0.5 : value)));
    expect(refused).toMatch(/^regime change: the level shifted on 2024-12-2\d \(-\d+%\), only \d days ago/);
  });

  it("finds no shift and hardly an incident in a hundred ordinary quarters", () => {
    let incidents = 0;
    for (let seed = 10; seed < 110; seed++) {
      const { findings, refused } = cleanDaily(made(seed));
      expect(refused).toBeNull();
      expect(findings.filter((text) => text.startsWith("level shift"))).toEqual([]);
      incidents += findings.length;
    }
    expect(incidents).toBeLessThan(10);
  });
});

describe("forecast of a made-up quarter", () => {
  const quarter = (growth: number, seed: number) => {
    const window: PastWindow = { startMs: START, endMs: START + 90 * DAY_MS, stepMs: STEP_MS, seed };
    const { gap } = truthOf({ growth }, window);
    const values = [...trafficOf({ growth }, window)].map((traffic, at) => {
      const atMs = START + at * STEP_MS;
      return atMs >= gap.startMs && atMs < gap.endMs ? null : 95 * traffic;
    });
    return values.slice(0, -1);
  };

  it("runs from the day of the history's end, whatever is missing or unfinished just before it", () => {
    /** 100 on every day that is there. */
    const line = (from: number, to: number) =>
      Array.from({ length: 90 * 24 }, (_, hour) =>
        Math.floor(hour / 24) >= from && Math.floor(hour / 24) < to ? 100 : null,
      );
    const ofLine = (values: (number | null)[], hours = 0) =>
      forecastDemand(spec, history(values), {
        ...context,
        stepMs: HOUR_MS,
        endMs: context.endMs + hours * HOUR_MS,
        horizonDays: 30,
      });
    for (const [made, why] of [
      [ofLine(line(0, 90)), "whole"],
      [ofLine(line(0, 86)), "ended four days ago"],
      [ofLine(line(50, 90)), "began forty days ago"],
      [ofLine([...line(0, 90), ...new Array(20).fill(5)], 20), "a day not over, quiet so far"],
    ] as const) {
      const { row, path, series } = made;
      expect(row, why).not.toHaveProperty("refused");
      expect(path?.firstDay, why).toBe(START / DAY_MS + 90);
      expect((path?.p50[0] as number) / 100, why).toBeCloseTo(1, 2);
      // The highest of thirty days so far.
      expect((path?.p50[29] as number) / 100, why).toBeLessThan(1.08);
      if (!("refused" in row)) expect(row.atHorizon.p50 / 100, why).toBeCloseTo(1, 2);
      expect((series.p50.at(-1) as number) / 100, why).toBeCloseTo(1, 2);
      expect(Date.parse(series.firstDay) / DAY_MS + series.p50.length, why).toBe(START / DAY_MS + 120);
    }
    expect(qualityOf(history(line(50, 90)), []).coverage).toBeCloseTo(40 / 90, 6);
  });

  it("is refused with the reason when it is short, full of holes, at its end empty, or failed", () => {
    const values = quarter(0.2, 5);
    const reason = (given: (number | null)[]) => forecastDemand(spec, history(given), context).row;
    expect(reason(values.slice(0, 20 * 144))).toMatchObject({
      refused: expect.stringMatching(/^too short: 20 whole days/),
    });
    expect(reason(values.map((value, at) => (at % 5 < 3 ? null : value)))).toMatchObject({
      refused: expect.stringMatching(/^no coverage: 40%/),
    });
    expect(reason(values.map((value, at) => (at > 75 * 144 ? null : value)))).toMatchObject({
      refused: expect.stringMatching(/^it ends 15 days before/),
    });
    expect(forecastDemand(spec, { ...history([]), failure: "no samples" }, context).row).toEqual({
      signal: "requests",
      refused: "no samples",
    });
  });

  it("keeps a ledger of holes and coverage", () => {
    const values = [1, null, null, 1, null, 1, null, null];
    expect(qualityOf(history(values), ["incident"])).toMatchObject({
      coverage: 3 / 8,
      gaps: 2,
      warnings: ["incident"],
    });
  });

  it("multiplies a flow by growth and events; of a stock only the increase", () => {
    const additions = { growth: 0.2, events: [{ name: "launch", day: 105, change: 0.5 }] };
    expect(factorAt(additions, 101, 9, 10)).toBeCloseTo(1.2 * 1.5, 12);
    expect(factorAt(additions, 101, 3, 10)).toBeCloseTo(1.2 ** 0.4, 12);
    const organic = { at: (_: number, step: number) => 1000 + 10 * (step + 1) };
    const of = (kind: "flow" | "stock", growth: number) =>
      adjustmentsOf(organic, { ...additions, growth }, kind, 101, 10, 1000);
    const [flow, stock] = [adjustedSpread(organic, of("flow", 0.2)), adjustedSpread(organic, of("stock", 0))];
    const paths = {
      count: 1,
      days: 10,
      values: Float64Array.from({ length: 10 }, (_, step) => organic.at(0.5, step)),
    };
    expect(adjustedPaths(paths, of("flow", 0.2)).values[9]).toBeCloseTo(flow.at(0.5, 9), 9);
    expect(flow.at(0.5, 9)).toBeCloseTo(1100 * 1.8, 9);
    // Ten days of +10 each, six of them from the launch on at half as much again.
    expect(stock.at(0.5, 9)).toBeCloseTo(1000 + 4 * 10 + 6 * 15, 9);
  });
});

describe("beside the forecast", () => {
  it("the operators' rules: the last sample and a least-squares slope, p95 times growth", () => {
    const line = Array.from({ length: 31 }, (_, day) => 100 + 2 * day);
    const ruled = operatorsForecast(line, DAY_MS, 90, { rule: "least-squares" }, "per-second");
    expect(ruled.value).toBeCloseTo(100 + 2 * 120, 9);
    // They start from the last sample: at a low hour they foresee little, whatever the day's peak.
    const night = operatorsForecast([...line, 40], DAY_MS, 90, { rule: "least-squares" }, "per-second");
    expect(night.value).toBeLessThan(40 + 2 * 90);
    const flat = Array.from({ length: 100 }, (_, at) => at + 1);
    const grown = operatorsForecast(flat, DAY_MS, 90, { rule: "p95-growth", growth: 0.2 }, "per-second");
    expect(grown.value).toBeCloseTo(95.05 * 1.2, 9);
  });

  it("service demand is the utilisation law at the busiest points, whatever the idle work", () => {
    const demand = Array.from({ length: 1000 }, (_, at) => 10 + (at % 100));
    const usage = demand.map((rate) => 0.2 + 0.02 * rate);
    const grid = (values: (number | null)[]) => ({ startMs: 0, stepMs: STEP_MS, values });
    const inferred = inferServiceDemand(grid(usage), grid(demand));
    expect(inferred).toMatchObject({ value: expect.closeTo(0.0221, 3), points: 250 });
    expect(inferServiceDemand(grid(new Array(1000).fill(0)), grid(demand))).toHaveProperty("refused");
    expect(inferServiceDemand(grid(usage.map(() => null)), grid(demand))).toHaveProperty("refused");
  });
});
