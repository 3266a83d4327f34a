import { describe, expect, it } from "vitest";
import { isForecast } from "../../src/model/plan.ts";
import { lastForecastOf } from "../../src/planner/forecast/last-forecast.ts";
import { lastForecastCharts } from "../../src/reporters/html/demand-charts.ts";
import { heldCell, lastForecastCell } from "../../src/reporters/plan/trust.ts";
import { canonicalPlan } from "../canonical-plan.ts";

/** Made on day 20,009; a step's p50 is its number. */
const made = (length: number, missing: number[] = []) => {
  const days = Array.from({ length: 10 + length }, (_, at) => 20_000 + at).filter(
    (day) => !missing.includes(day),
  );
  return lastForecastOf({
    series: { days, values: days.map((day) => day - 20_000) },
    spread: { at: (quantile, step) => step + quantile },
    madeOn: 20_009,
    lastKnown: 20_007,
  });
};

describe("the last forecast beside what came", () => {
  it("lines days up, and has none for what is missing", () => {
    // 2024-10-04 is day 20,000; two days before the first were missing, so that step 2 is the first day.
    expect(made(3, [20_011])).toEqual({
      firstDay: "2024-10-14",
      everyDays: 1,
      p10: [2.1, 3.1, 4.1],
      p50: [2.5, 3.5, 4.5],
      p90: [2.9, 3.9, 4.9],
      came: [10, null, 12],
    });
  });

  it("stays small however long it is", () => {
    const year = made(365);
    expect(year.everyDays).toBe(4);
    expect(year.came).toHaveLength(92);
    expect(year.came.slice(0, 3)).toEqual([10, 14, 18]);
    expect(year.p50.slice(0, 3)).toEqual([2.5, 6.5, 10.5]);
    expect(made(92).everyDays).toBe(1);
  });

  it("is scored and drawn in every report", () => {
    const plan = canonicalPlan();
    const demand = plan.demands.filter(isForecast)[0];
    // |402 − 390| + |412 − 391| + |450 − 395| over 402 + 412 + 450; the last is above p90.
    expect(demand && lastForecastCell(demand)).toBe("off by 7%, 67% inside");
    expect(demand && heldCell(demand)).toBe("79% of 4 × 30 days");
    const [chart] = lastForecastCharts(plan, []);
    expect(chart?.x.values.map((at) => new Date(at * 1000).toISOString().slice(0, 10))).toEqual([
      "2026-11-11",
      "2026-11-12",
      "2026-11-13",
      "2026-11-14",
    ]);
    expect(chart?.series.map(({ name }) => name)).toEqual(["what came", "p10–p90", "p90", "p50"]);
  });
});
