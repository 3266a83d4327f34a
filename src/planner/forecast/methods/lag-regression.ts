import type { Method } from "../method.ts";

/** Ridge weight, in units of the standardised design: enough that near-collinear lags do not fight. */
const RIDGE = 0.01;
/** The same of the many lags: they say nearly the same, and none of them much. */
const RIDGE_OF_MANY = 0.3;
/** Lags of a series without a season: a quarter of weeks. */
const LAGS_WITHOUT_SEASON = 13;

/**
 * Linear regression of a value on the values shortly before it and one and two seasons before it, applied step by
 * step. With lags of a day and a week it learns how much of last week and how much of yesterday tomorrow is.
 */
export const lagRegression: Method = (history, horizon, { seasons }) =>
  regress(history, horizon, chooseLags(history.length, seasons), RIDGE);

/** The same on every lag of the shortest season and those beside each of its multiples, up to two of the longest. */
export const manyLagRegression: Method = (history, horizon, { seasons }) =>
  regress(history, horizon, manyLags(history.length, seasons), RIDGE_OF_MANY);

function regress(
  history: Float64Array,
  horizon: number,
  lags: readonly number[],
  ridge: number,
): Float64Array | null {
  if (lags.length === 0) return null;
  const longest = lags.at(-1) as number;
  const rows = history.length - longest;
  if (rows < 4 * (lags.length + 1)) return null;
  const { mean, spread } = momentsOf(history);
  if (!(spread > 0)) return null;
  const scaled = history.map((value) => (value - mean) / spread);
  const weights = fit(scaled, lags, longest, ridge);
  if (weights === null) return null;
  const path = new Float64Array(history.length + horizon);
  path.set(scaled);
  for (let at = history.length; at < path.length; at++) {
    let value = weights[lags.length] as number;
    for (let index = 0; index < lags.length; index++)
      value += (weights[index] as number) * (path[at - (lags[index] as number)] as number);
    path[at] = value;
  }
  return path.slice(history.length).map((value) => value * spread + mean);
}

function chooseLags(length: number, seasons: readonly number[]): number[] {
  const lags = new Set([1, 2, 3]);
  for (const season of seasons) {
    for (const lag of [season, season + 1, 2 * season]) if (lag * 2 < length) lags.add(lag);
  }
  return [...lags].sort((a, b) => a - b);
}

function manyLags(length: number, seasons: readonly number[]): number[] {
  const [shortest = LAGS_WITHOUT_SEASON, longest = 0] = [seasons[0], seasons.at(-1)];
  const lags = new Set(Array.from({ length: shortest }, (_, at) => at + 1));
  for (const season of seasons)
    for (let multiple = season; multiple <= 2 * longest; multiple += season)
      for (const lag of [multiple - 1, multiple, multiple + 1]) lags.add(lag);
  return [...lags].filter((lag) => lag > 0 && 2 * lag < length).sort((a, b) => a - b);
}

function momentsOf(values: Float64Array): { mean: number; spread: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, spread: Math.sqrt(variance) };
}

/** Weights of the lags and the intercept by ridge regression (normal equations, Cholesky). */
function fit(
  series: Float64Array,
  lags: readonly number[],
  longest: number,
  ridge: number,
): Float64Array | null {
  const size = lags.length + 1;
  const gram = new Float64Array(size * size);
  const target = new Float64Array(size);
  const row = new Float64Array(size);
  row[size - 1] = 1;
  for (let at = longest; at < series.length; at++) {
    for (let index = 0; index < lags.length; index++)
      row[index] = series[at - (lags[index] as number)] as number;
    for (let i = 0; i < size; i++) {
      target[i] = (target[i] as number) + (row[i] as number) * (series[at] as number);
      for (let j = 0; j <= i; j++)
        gram[i * size + j] = (gram[i * size + j] as number) + (row[i] as number) * (row[j] as number);
    }
  }
  const penalty = ridge * (series.length - longest);
  for (let i = 0; i < size - 1; i++) gram[i * size + i] = (gram[i * size + i] as number) + penalty;
  return solve(gram, target, size);
}

/** Solves a symmetric positive definite system given by its lower triangle; null when it is not definite. */
function solve(lower: Float64Array, target: Float64Array, size: number): Float64Array | null {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[i * size + k] as number) * (lower[j * size + k] as number);
      if (i === j && !(sum > 1e-12)) return null;
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / (lower[j * size + j] as number);
    }
  }
  const solution = Float64Array.from(target);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++)
      solution[i] = (solution[i] as number) - (lower[i * size + k] as number) * (solution[k] as number);
    solution[i] = (solution[i] as number) / (lower[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++)
      solution[i] = (solution[i] as number) - (lower[k * size + i] as number) * (solution[k] as number);
    solution[i] = (solution[i] as number) / (lower[i * size + i] as number);
  }
  return solution;
}
