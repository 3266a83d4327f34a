import { describe, expect, it } from "vitest";
import { QUANTILE_GRID } from "../../src/model/run.ts";
import { proportionInterval, quantileInterval, samplesNeeded } from "../../src/stats/quantile-interval.ts";
import { seededRandom } from "../../src/stats/random.ts";

describe("samplesNeeded", () => {
  it.each([
    [0.5, 6],
    [0.9, 36],
    [0.95, 72],
    [0.99, 368],
    [0.999, 3688],
  ])("p%d needs %d samples: the first n with qⁿ ≤ 2.5%%", (q, n) => {
    expect(samplesNeeded(q)).toBe(n);
    expect(q ** n).toBeLessThanOrEqual(0.025);
    expect(q ** (n - 1)).toBeGreaterThan(0.025);
  });
});

describe("proportionInterval", () => {
  // Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("%d of %d is [%d, %d]", (hits, n, low, high) => {
    const interval = proportionInterval(hits / n, n);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
  });

  it("has no width without samples", () => expect(proportionInterval(0, 0)).toBeNull());
});

describe("quantileInterval", () => {
  it("holds the true percentile in at least 95% of samples of a skewed distribution", () => {
    const random = seededRandom(7);
    for (const [q, n] of [
      [0.5, 40],
      [0.95, 72],
      [0.95, 500],
      [0.99, 400],
      [0.99, 5000],
    ] as const) {
      const truth = -Math.log(1 - q);
      const trials = 400;
      let covered = 0;
      for (let trial = 0; trial < trials; trial++) {
        const sample = Array.from({ length: n }, () => -Math.log(1 - random())).sort((a, b) => a - b);
        const interval = quantileInterval(q, QUANTILE_GRID, quantiles(sample), n);
        if (interval && interval.low <= truth && truth <= interval.high) covered++;
      }
      // 400 trials of 95% stay above 92% with a probability of 99.7%.
      expect(covered / trials, `p${q * 100} of ${n}`).toBeGreaterThan(0.92);
    }
  });

  it("is narrower with more samples", () => {
    const width = (n: number) => {
      const sample = Array.from({ length: n }, (_, index) => index / n);
      const interval = quantileInterval(0.95, QUANTILE_GRID, quantiles(sample), n);
      return (interval?.high ?? 9) - (interval?.low ?? 0);
    };
    expect(width(10_000)).toBeLessThan(width(1000));
    expect(width(1000)).toBeLessThan(width(100));
  });

  it("is refused with too few samples", () => {
    expect(quantileInterval(0.95, QUANTILE_GRID, quantiles([1, 2, 3]), 71)).toBeNull();
  });
});

/** Linear interpolation between order statistics, as k6 computes percentiles. */
function quantiles(sorted: readonly number[]): number[] {
  return QUANTILE_GRID.map((q) => {
    const rank = q * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(rank)] as number, sorted[Math.ceil(rank)] as number];
    return low + (high - low) * (rank - Math.floor(rank));
  });
}
