import { describe, expect, it } from "vitest";
import { proportionInterval } from "../../src/stats/proportion-interval.ts";

describe("proportionInterval", () => {
  // Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 5 (Clopper–Pearson).
  it.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])("%d of %d is [%d, %d]", (hits, n, low, high) => {
    const interval = proportionInterval(hits, n);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
  });

  // The definition, summed term by term: at each end the rarer tail has 2.5%.
  it.each([
    [1, 15],
    [7, 20],
    [5, 1000],
    [399, 400],
    [30, 3000],
  ])("%d of %d leaves 2.5%% beyond either end", (hits, n) => {
    const tail = (p: number, from: number, to: number) => {
      let sum = 0;
      let log = n * Math.log1p(-p);
      for (let k = 0; k <= n; k++) {
        if (k >= from && k <= to) sum += Math.exp(log);
        log += Math.log((n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
      }
      return sum;
    };
    const interval = proportionInterval(hits, n);
    expect(tail(interval?.low ?? 0, hits, n)).toBeCloseTo(0.025, 6);
    expect(tail(interval?.high ?? 0, 0, hits)).toBeCloseTo(0.025, 6);
  });

  it.each([1, 3, 10, 29, 1000, 123_457])("ends at 0 and at 1 exactly, of %d", (n) => {
    expect([proportionInterval(0, n)?.low, proportionInterval(n, n)?.high]).toEqual([0, 1]);
    expect(proportionInterval(0, n)?.high).toBeCloseTo(1 - 0.025 ** (1 / n), 9);
  });

  it("has the ends of a mirror image", () => {
    const [few, many] = [proportionInterval(3, 500), proportionInterval(497, 500)];
    expect(1 - (many?.low ?? 0)).toBeCloseTo(few?.high ?? 0, 8);
    expect(1 - (many?.high ?? 0)).toBeCloseTo(few?.low ?? 0, 8);
  });

  it.each([
    [1, 1e6],
    [50, 1e8],
    [300_000, 1e6],
  ])("%d of %d are near the normal approximation", (hits, n) => {
    const interval = proportionInterval(hits, n);
    const spread = (1.96 * Math.sqrt(hits)) / n;
    expect(interval?.high).toBeGreaterThan(hits / n);
    expect(interval?.high).toBeLessThan(hits / n + 3 * spread);
  });

  it("has no width without samples", () => expect(proportionInterval(0, 0)).toBeNull());
});
