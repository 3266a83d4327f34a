import { describe, expect, it } from "vitest";
import { QUANTILE_GRID } from "../../src/model/metric-row.ts";
import { quantileInterval, samplesNeeded, samplesNeededForShare } from "../../src/stats/quantile-interval.ts";
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

describe("samplesNeededForShare", () => {
  it.each([
    [0.1, 36],
    [0.01, 368],
    [0.001, 3688],
    [0, 368],
  ])("a limit of %d needs %d samples", (limit, n) => expect(samplesNeededForShare(limit)).toBe(n));
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

  const PERCENTS = Array.from({ length: 101 }, (_, percent) => percent / 100);
  it.each([
    // R: qbinom(c(.025, .975), 100, .5) is 40 and 60; Conover's ranks are one more and one less than needed inside.
    [0.5, 100, 0.39, 0.61],
    [0.9, 100, 0.83, 0.97],
    // 0.95 ± 1.96 √(0.95 × 0.05 / 1000) is 0.9365 to 0.9635; a rank, a thousandth, on either side.
    [0.95, 1000, 0.93, 0.97],
    // The lowest and the highest sample, where nothing further out is left.
    [0.5, 6, 0, 1],
    [0.99, 368, 0.97, 1],
  ])("of the %d-quantile of %d lies at the fractions %d and %d", (q, n, low, high) => {
    expect(quantileInterval(q, PERCENTS, PERCENTS, n)).toEqual({ low, high });
  });

  it("is refused where a value is missing for a fraction", () => {
    expect(quantileInterval(0.5, PERCENTS, PERCENTS.slice(1), 100)).toBeNull();
    // A grid that ends below or begins above cannot hold the interval.
    expect(quantileInterval(0.5, [0.45, 0.5, 0.9], [1, 2, 3], 100)).toBeNull();
    expect(quantileInterval(0.5, [0.1, 0.5, 0.55], [1, 2, 3], 100)).toBeNull();
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
