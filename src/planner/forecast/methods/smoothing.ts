import { minimise } from "../../../stats/minimise.ts";
import type { Method } from "../method.ts";

/** Sum of squared one-step errors of simple exponential smoothing, and its last level. */
function smooth(history: Float64Array, alpha: number): { level: number; squares: number } {
  let level = history[0] as number;
  let squares = 0;
  for (let index = 1; index < history.length; index++) {
    const error = (history[index] as number) - level;
    squares += error * error;
    level += alpha * error;
  }
  return { level, squares };
}

/** Smoothing weight with the least squared one-step error. */
export function fitSes(history: Float64Array): { alpha: number; level: number } {
  const { point } = minimise(([alpha]) => smooth(history, alpha as number).squares, [0.5], [[0.01, 1]], 40);
  const alpha = point[0] as number;
  return { alpha, level: smooth(history, alpha).level };
}

/** Simple exponential smoothing (Brown 1956): a flat line at the weighted mean of the past. */
export const ses: Method = (history, horizon) =>
  history.length < 3 ? null : new Float64Array(horizon).fill(fitSes(history).level);

/** Holt's linear trend, damped (Gardner & McKenzie 1985): the trend fades by φ with every step. */
export const dampedHolt: Method = (history, horizon) => {
  if (history.length < 6) return null;
  const run = (alpha: number, beta: number, phi: number) => {
    let level = history[0] as number;
    let trend =
      ((history[Math.min(4, history.length - 1)] as number) - level) / Math.min(4, history.length - 1);
    let squares = 0;
    for (let index = 1; index < history.length; index++) {
      const expected = level + phi * trend;
      const error = (history[index] as number) - expected;
      squares += error * error;
      level = expected + alpha * error;
      trend = phi * trend + alpha * beta * error;
    }
    return { level, trend, squares };
  };
  const { point } = minimise(
    ([alpha, beta, phi]) => run(alpha as number, beta as number, phi as number).squares,
    [0.5, 0.1, 0.9],
    [
      [0.01, 1],
      [0, 1],
      [0.8, 0.98],
    ],
    150,
  );
  const [alpha, beta, phi] = point as unknown as [number, number, number];
  const { level, trend } = run(alpha, beta, phi);
  let ahead = 0;
  return Float64Array.from({ length: horizon }, (_, step) => {
    ahead += phi ** (step + 1);
    return level + ahead * trend;
  });
};

/**
 * Theta (Assimakopoulos & Nikolopoulos 2000) in the form of Hyndman & Billah (2003): simple smoothing plus half the
 * slope of the straight line through the series.
 */
export const theta: Method = (history, horizon) => {
  const size = history.length;
  if (size < 4) return null;
  const { alpha, level } = fitSes(history);
  const middle = (size - 1) / 2;
  let covariance = 0;
  let variance = 0;
  history.forEach((value, index) => {
    covariance += (index - middle) * value;
    variance += (index - middle) ** 2;
  });
  const slope = covariance / variance;
  const start = (1 - (1 - alpha) ** size) / alpha;
  return Float64Array.from({ length: horizon }, (_, step) => level + (slope / 2) * (step + start));
};
