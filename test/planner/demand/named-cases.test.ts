import { describe, expect, it } from "vitest";
import { type DemandContext, forecastDemand } from "../../../src/planner/demand/forecast-demand.ts";
import { normal, seededRandom } from "../../../src/stats/random.ts";

const DAY_MS = 86_400_000;
const END = Date.parse("2026-11-16T00:00:00Z");
const WEEK = [1, 1, 0.8, 0.75, 1, 1, 1];

/** A demand by day, its busiest hour at 14:00, forecast 90 days ahead. */
function forecastOf(level: (day: number, date: Date) => number, length = 90, noise = 0.03) {
  const random = seededRandom(7);
  const start = END - length * DAY_MS;
  const values = Array.from({ length }, (_, at) => {
    const day = start / DAY_MS + at;
    const busy = level(at, new Date(day * DAY_MS)) * (WEEK[day % 7] as number);
    const noisy = busy * Math.exp(noise * normal(random));
    return Array.from({ length: 24 }, (_, hour) => noisy * (hour === 14 ? 1 : 0.6));
  }).flat();
  const history = { id: "s", query: "", values, resets: 0, truncated: false, warnings: [], failure: null };
  const context: DemandContext = {
    // A point tells of the hour before it.
    startMs: start + 3_600_000,
    stepMs: 3_600_000,
    endMs: END,
    horizonDays: 90,
    additions: { growth: 0, events: [] },
    operators: null,
  };
  const result = forecastDemand({ id: "s", unit: "per-second", kind: "flow" }, history, context);
  if ("refused" in result.row) return { refused: result.row.refused, findings: result.findings };
  return { ...result.row, findings: result.findings, path: result.path, series: result.series };
}

const forecast = (...given: Parameters<typeof forecastOf>) => {
  const result = forecastOf(...given);
  if ("refused" in result) throw new Error(result.refused);
  return result;
};

describe("growth that stopped is not carried on", () => {
  it("flat for forty days after a climb", () => {
    const { atHorizon, growthPer30Days } = forecast((day) => (day < 50 ? 260 + 2 * day : 360));
    expect(atHorizon.p50 / 360).toBeCloseTo(1, 1);
    expect(Math.abs(growthPer30Days)).toBeLessThan(0.01);
  });

  it("50 to 150, then flat for a month: no more than is plausible beside the highest seen", () => {
    const { atHorizon, cautions } = forecast((day) => (day < 60 ? 50 + (100 * day) / 60 : 150));
    expect(atHorizon.p50).toBeLessThan(170);
    expect(atHorizon.p90).toBeLessThan(400);
    expect(cautions.join()).toMatch(/times the highest ever seen \(\d+\/s\)/);
  });

  it("a logistic curve and a start from nothing: never thousands, never without a word", () => {
    for (const level of [
      (day: number) => 300 / (1 + Math.exp(-(day - 45) / 8)),
      (day: number) => (300 * day) / 90,
    ]) {
      const { atHorizon, cautions } = forecast(level);
      expect(atHorizon.p50).toBeLessThan(400);
      expect(atHorizon.p90).toBeLessThan(900);
      expect(cautions.length).toBeGreaterThan(0);
    }
  });
});

describe("growth that goes on is found", () => {
  it("8% a month for a year", () => {
    const { atHorizon, growthPer30Days } = forecast((day) => 100 * 1.08 ** (day / 30), 400);
    expect(growthPer30Days).toBeGreaterThan(0.04);
    const came = 100 * 1.08 ** (489 / 30);
    expect(atHorizon.p50 / came).toBeGreaterThan(0.9);
    expect(atHorizon.p50 / came).toBeLessThan(1.1);
  });
});

describe("what comes every month", () => {
  it("is a rhythm, not incidents", () => {
    const { findings, series, path } = forecast((_, date) => 100 * (date.getUTCDate() <= 2 ? 4 : 1));
    expect(findings.filter((text) => text.includes("incident"))).toEqual([]);
    // 2026-12-01, 15 days ahead.
    expect((series.p50.at(-90 + 15) as number) / 400).toBeCloseTo(1, 0);
    expect(path?.p10.at(-1)).toBeGreaterThan(300);
  });
});

describe("a day without demand", () => {
  const zeroOn = (zero: number, level: (day: number) => number) => (day: number) =>
    day === zero ? 0 : level(day);

  it("is an incident and turns nothing off", () => {
    const { atHorizon, findings } = forecast(zeroOn(40, () => 100));
    expect(findings.join()).toMatch(/incident on 2026-09-27 \(no demand at all\): left out/);
    expect(atHorizon.p10).toBeGreaterThan(75);
    expect(atHorizon.p90).toBeLessThan(130);
  });

  it("does not hide a level that doubled ten days ago", () => {
    expect(forecastOf(zeroOn(40, (day) => (day < 80 ? 100 : 200)))).toMatchObject({
      refused: expect.stringMatching(
        /^regime change: the level shifted on 2026-11-06 \(\+\d+%\), only 10 days ago/,
      ),
    });
  });
});
