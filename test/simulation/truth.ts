import { normalBelow } from "./chance.ts";
import { type Behaviour, FURTHEST, type Outcome } from "./target.ts";

/** Probability that an answer takes longer than a limit. */
export function slowerThan({ medianMs, sigma }: Outcome, limitMs: number): number {
  if (sigma === 0) return medianMs > limitMs ? 1 : 0;
  if (limitMs <= 0) return 1;
  const z = Math.log(limitMs / medianMs) / sigma;
  if (z >= FURTHEST) return 0;
  return z < -FURTHEST ? 1 : 1 - normalBelow(z);
}

/** Probability, over all the ways in which an answer may come, that it is of some kind. */
export function likelihood(
  outcomes: Behaviour["service"],
  of: (outcome: Outcome) => number | boolean,
): number {
  let sum = 0;
  for (const outcome of outcomes) sum += outcome.probability * Number(of(outcome));
  return Math.min(1, sum);
}

/** The time that a share of a healthy endpoint's answers stays below, ms. */
export function quantileOf({ medianMs, sigma }: { medianMs: number; sigma: number }, q: number): number {
  let [low, high] = [-FURTHEST, FURTHEST];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < q) low = middle;
    else high = middle;
  }
  return medianMs * Math.exp(sigma * low);
}
