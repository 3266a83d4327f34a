import { describe, expect, it } from "vitest";
import { fitWithIntervals } from "../../src/capacity/fit-usl.ts";
import { describeUsl } from "../../src/reporters/capacity/words.ts";

describe("the law with its intervals", () => {
  const points = [1, 2, 3, 4, 6, 8, 10, 12].map((n) => ({
    concurrency: n,
    throughput: (50 * n) / (1 + 0.05 * (n - 1) + 0.001 * n * (n - 1)),
  }));

  it("holds the coefficients the points were made of, the same every time", () => {
    const usl = fitWithIntervals(points);
    if ("refused" in usl) throw new Error(usl.refused);
    expect(usl.alpha).toBeCloseTo(0.05, 3);
    expect(usl.intervals.alpha?.low).toBeLessThanOrEqual(0.0501);
    expect(usl.intervals.alpha?.high).toBeGreaterThanOrEqual(0.0499);
    expect(fitWithIntervals(points)).toEqual(usl);
    expect(describeUsl(usl, points).join(" ")).toContain("contention weighs most");
    expect(describeUsl(usl, points).join(" ")).toContain("far outside the 12 that were measured");
  });

  it("is refused when the data cannot support it", () => {
    expect(fitWithIntervals(points.slice(0, 5))).toEqual({ refused: expect.stringContaining("too few") });
    const narrow = points.map(({ throughput }, at) => ({ concurrency: 10 + at / 10, throughput }));
    expect(fitWithIntervals(narrow)).toEqual({
      refused: expect.stringContaining("varied by a factor of 1.07 only"),
    });
  });
});
