/** What the oracle knows of chance; written apart from src/stats, which it judges. */

/** yes and no are sure beyond all but one run in hundreds of millions; either: the sample may say the one or the other. */
export type Answered = "yes" | "no" | "either";

/** exp(-20) is 2 in a thousand million. */
const SURE_NATS = 20;

/**
 * Whether a share seen among `n` must lie beyond a bound, its true value being `truth`. P(seen ≤ b) ≤ exp(-n·KL(b, p))
 * for p > b, and for unlike trials too. Sources: Chernoff (1952); Hoeffding (1956) for trials of unlike probability.
 *
 * @param slack how far the bound may move on account of ranks and rounding
 */
export function exceeds(truth: number, n: number, bound: number, slack = 0): Answered {
  const [low, high] = [Math.max(0, bound - slack), Math.min(1, bound + slack)];
  if (truth > high) return n * divergence(high, truth) >= SURE_NATS ? "yes" : "either";
  if (truth < low) return n * divergence(low, truth) >= SURE_NATS ? "no" : "either";
  return truth === 0 && bound === 0 ? "no" : "either";
}

/** Kullback–Leibler divergence of two coins, nats. */
export function divergence(a: number, b: number): number {
  const term = (x: number, y: number) =>
    x === 0 ? 0 : y === 0 ? Number.POSITIVE_INFINITY : x * Math.log(x / y);
  return term(a, b) + term(1 - a, 1 - b);
}

/** Share of a standard normal below z. Source: Abramowitz & Stegun 7.1.26, error below 1.5e-7. */
export function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

export const both = (a: Answered, b: Answered): Answered =>
  a === "no" || b === "no" ? "no" : a === "yes" && b === "yes" ? "yes" : "either";
export const not = (a: Answered): Answered => (a === "yes" ? "no" : a === "no" ? "yes" : "either");
