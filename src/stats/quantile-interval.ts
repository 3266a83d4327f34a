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
 * Fewest samples of which none may be wrong before a share of wrong ones is shown to be within its limit: the same rule,
 * (1 − limit)ⁿ ≤ α/2. 368 for 1%, 36 for 10%. A limit of 0 speaks of the samples themselves; they must be as many as would
 * show 1%, since no number of them shows none at all.
 */
export function samplesNeededForShare(limit: number): number {
  return samplesNeeded(1 - (limit > 0 ? limit : SHOWN_BY_NONE));
}
const SHOWN_BY_NONE = 0.01;

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
