import type { Interval } from "../model/interval.ts";

const Z95 = 1.959964;
const ALPHA = 0.05;

/**
 * Fewest samples for which a quantile has a distribution-free 95% confidence interval with an upper end: the
 * largest sample must lie above the true quantile with probability 1 − α/2, so qⁿ ≤ α/2 (and (1−q)ⁿ ≤ α/2 for
 * the lower end). 6 for the median, 72 for p95, 368 for p99, 3,688 for p99.9.
 * Source: Conover, Practical Nonparametric Statistics, 3rd ed., §3.2.
 */
export function samplesNeeded(q: number): number {
  const rarer = Math.max(q, 1 - q);
  return Math.ceil(Math.log(ALPHA / 2) / Math.log(rarer));
}

/**
 * 95% confidence interval of a quantile from quantiles kept at a grid of fractions, or null with too few samples.
 * The ranks that bound it are binomial, n·q ± z·√(n·q·(1−q)); as fractions they are widened outwards to the
 * nearest kept quantile, so that the coverage is at least what is stated. Samples are taken as independent.
 *
 * @param grid fractions, ascending
 * @param values the sample's quantiles at those fractions
 * @param n number of samples
 */
export function quantileInterval(
  q: number,
  grid: readonly number[],
  values: readonly number[],
  n: number,
): Interval | null {
  if (n < samplesNeeded(q) || grid.length !== values.length) return null;
  const spread = Z95 * Math.sqrt((q * (1 - q)) / n);
  // One rank more on either side: the discrete order statistics are at least as wide as the normal approximation.
  const low = q - spread - 1 / n;
  const high = q + spread + 1 / n;
  const below = grid.findLastIndex((fraction) => fraction <= Math.max(0, low));
  const above = grid.findIndex((fraction) => fraction >= Math.min(1, high));
  const lowValue = values[below];
  const highValue = values[above];
  return lowValue === undefined || highValue === undefined ? null : { low: lowValue, high: highValue };
}

/**
 * Wilson's 95% interval of a proportion: sensible at 0 and 1, where the normal interval has no width.
 * Source: Brown, Cai & DasGupta (2001), Interval estimation for a binomial proportion.
 */
export function proportionInterval(ratio: number, n: number): Interval | null {
  if (n < 1) return null;
  const z2 = Z95 * Z95;
  const centre = (ratio + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((ratio * (1 - ratio)) / n + z2 / (4 * n * n));
  // At the ends the bounds are exact; computed, they miss 0 and 1 by a rounding error.
  return {
    low: ratio === 0 ? 0 : Math.max(0, centre - half),
    high: ratio === 1 ? 1 : Math.min(1, centre + half),
  };
}
