import { describe, expect, it } from "vitest";
import { comparePlans } from "../../src/comparison/compare-plans.ts";
import type { Plan } from "../../src/model/plan.ts";
import { canonicalPlan } from "../canonical-plan.ts";

const DAYS = 10;
const flat = (value: number | null) => new Array<number | null>(DAYS).fill(value);
const series = { signal: "requests", unit: "per-second", firstDay: "2026-08-01" };
const older: Plan = {
  ...canonicalPlan(),
  asOf: "2026-08-01T00:00:00.000Z",
  series: [{ ...series, seen: flat(null), p10: flat(80), p50: flat(100), p90: flat(120) }],
};
// What came: 8 days at 110, 2 at 130, so 10% and 30/130 below the median and 80% inside.
const newer: Plan = {
  ...canonicalPlan(),
  series: [
    {
      ...series,
      firstDay: "2026-07-30",
      seen: [null, null, ...new Array(8).fill(110), 130, 130],
      p10: new Array(12).fill(null),
      p50: new Array(12).fill(null),
      p90: new Array(12).fill(null),
    },
  ],
};

describe("two plans", () => {
  it("score the older forecast by the days that came", () => {
    const [requests] = comparePlans(older, newer).demands;
    expect(requests).toMatchObject({ signal: "requests", days: 10, inside80: 0.8 });
    expect(requests?.error).toBeCloseTo((8 * (10 / 110) + 2 * (30 / 130)) / 10, 12);
    expect(requests?.bias).toBeCloseTo(-(8 * (10 / 110) + 2 * (30 / 130)) / 10, 12);
  });

  it("stand beside each other, what one could not size as null", () => {
    const lost: Plan = { ...newer, sizing: newer.sizing.filter(({ resource }) => resource !== "redis") };
    const { resources } = comparePlans(older, lost);
    expect(resources.find(({ resource }) => resource === "redis")).toMatchObject({
      recommended: { older: 13.07, newer: null },
    });
    expect(resources.find(({ resource }) => resource === "workers")?.recommended).toEqual({
      older: null,
      newer: null,
    });
  });

  it("without common days have no score", () => {
    const [requests] = comparePlans(newer, older).demands;
    expect(requests).toMatchObject({ days: 0, error: null, bias: null, inside80: null });
  });
});
