import { gammaln } from "simple-statistics";
import type { Interval } from "../model/interval.ts";

const ALPHA = 0.05;

/**
 * Clopper and Pearson's 95% interval of a proportion: exact, so that it holds the truth at least 95 times in 100 at any
 * size and any truth. Of none in n its upper end is 1 − 0.025^(1/n): 368 are needed to show 1%.
 * Source: Clopper & Pearson (1934), Biometrika 26, 404–413.
 *
 * @param hits how many of the n were of the kind counted; rounded to whole ones
 */
export function proportionInterval(hits: number, n: number): Interval | null {
  if (n < 1) return null;
  const count = Math.min(n, Math.max(0, Math.round(hits)));
  return {
    low: count === 0 ? 0 : solve((p) => upperTail(count, n, p) - ALPHA / 2),
    high: count === n ? 1 : solve((p) => ALPHA / 2 - (1 - upperTail(count + 1, n, p))),
  };
}

/** P(X ≥ k) of a binomial X: the regularised incomplete beta function I_p(k, n − k + 1). */
function upperTail(k: number, n: number, p: number): number {
  const [a, b] = [k, n - k + 1];
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const log = gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(p) + b * Math.log1p(-p);
  // The fraction converges fast below the mean; above it, the other tail does.
  return p < (a + 1) / (a + b + 2)
    ? (Math.exp(log) * betaFraction(a, b, p)) / a
    : 1 - (Math.exp(log) * betaFraction(b, a, 1 - p)) / b;
}

/** The continued fraction of the incomplete beta function. Source: Press et al., Numerical Recipes, 3rd ed., §6.4. */
function betaFraction(a: number, b: number, x: number): number {
  const least = 1e-300;
  const kept = (value: number) => (Math.abs(value) < least ? least : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-14) break;
  }
  return fraction;
}

/** Where a function that rises through 0 on [0, 1] does so, to one part in 10⁹. */
function solve(rising: (p: number) => number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 200 && high - low > 1e-9 * high; step++) {
    // Proportions are often small: the middle of the logarithms finds them sooner.
    const middle = low > 0 ? Math.sqrt(low * high) : high > 1e-300 ? high * (high > 1e-6 ? 0.01 : 1e-4) : 0;
    if (rising(middle) > 0) high = middle;
    else low = middle;
    if (high < 1e-12) return 0;
  }
  return (low + high) / 2;
}
