import { candidates } from "./candidates.ts";
import type { Method, Shape } from "./method.ts";
import { meanAbsoluteError } from "./score.ts";
import type { Spread } from "./spread.ts";

/** Most origins of the rolling backtest; each costs a fit of every candidate. */
const MOST_ORIGINS = 12;
/** Share of the history that is never cut off for the backtest. */
const LEAST_TRAINING = 0.5;
/** How many of the best candidates are combined. */
const COMBINED = 5;
/** Steps before and after a horizon step whose errors count for its interval too. */
const NEIGHBOURS = 2;

export interface Forecast {
  readonly mean: Float64Array;
  readonly spread: Spread;
  /** The candidates that were combined, the best first. */
  readonly methods: readonly string[];
  /** Mean absolute error of the combination over the rolling origins. */
  readonly backtestError: number;
  readonly origins: number;
}

/**
 * Forecasts a series by the median of the candidates that did best over rolling origins, with the interval that
 * would have held the combination's own errors there (split conformal prediction, per horizon step).
 *
 * @returns null when the history is too short to try even one origin
 */
export function forecastSeries(history: Float64Array, horizon: number, shape: Shape): Forecast | null {
  const origins = rollingOrigins(history.length, horizon, shape);
  if (origins.length === 0) return null;
  const trials = runTrials(history, horizon, shape, origins);
  const ranked = [...trials].sort((a, b) => a.error - b.error);
  if (ranked.length === 0) return null;
  const chosen = ranked.slice(0, COMBINED);
  const past = origins.map((_, index) => combine(chosen.map(({ paths }) => paths[index] as Float64Array)));
  const paths = chosen.flatMap(({ method }) => method(history, horizon, shape) ?? []).filter(isFinitePath);
  if (paths.length === 0) return null;
  const mean = combine(paths);
  // Errors grow with the series: each origin's are taken relative to the size of the values before it.
  const errors = past.map((path, index) => {
    const size = sizeBefore(history, origins[index] as number, horizon);
    return path.map((value, step) => ((history[(origins[index] as number) + step] as number) - value) / size);
  });
  const sizeNow = sizeBefore(history, history.length, horizon);
  const misses = Array.from({ length: horizon }, (_, step) => missesNear(errors, step));
  // What was never negative, such as a rate or a size, will not become so.
  const floor = history.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  const atLeast = (value: number) => Math.max(floor, value);
  const at = (quantile: number, step: number) => {
    const sign = Math.sign(quantile - 0.5);
    const width = sign === 0 ? 0 : conformalHalfWidth(misses[step] as number[], Math.abs(2 * quantile - 1));
    return atLeast((mean[step] as number) + sign * width * sizeNow);
  };
  return {
    mean: mean.map(atLeast),
    spread: { at },
    methods: chosen.map(({ name }) => name),
    backtestError:
      past.reduce(
        (sum, path, index) =>
          sum + meanAbsoluteError(actualAt(history, origins[index] as number, horizon), path),
        0,
      ) / past.length,
    origins: origins.length,
  };
}

const isFinitePath = (path: Float64Array) => path.every(Number.isFinite);
const actualAt = (history: Float64Array, origin: number, horizon: number) =>
  history.slice(origin, origin + horizon);

/** Where the backtest stands and looks ahead: the last at the end less a horizon, the others evenly before it. */
function rollingOrigins(length: number, horizon: number, { seasons }: Shape): number[] {
  const least = Math.max(
    Math.ceil(length * LEAST_TRAINING),
    Math.min(2 * (seasons.at(-1) ?? 1) + 2, length - horizon),
    8,
  );
  const last = length - horizon;
  if (last < least) return [];
  const stride = Math.max(1, Math.floor((last - least) / (MOST_ORIGINS - 1)));
  const origins: number[] = [];
  for (let origin = last; origin >= least && origins.length < MOST_ORIGINS; origin -= stride)
    origins.push(origin);
  return origins;
}

/** Mean absolute value of the horizon before an origin; 1 for a series of zeros. */
function sizeBefore(history: Float64Array, origin: number, horizon: number): number {
  const before = history.subarray(Math.max(0, origin - horizon), origin);
  return before.reduce((sum, value) => sum + Math.abs(value), 0) / before.length || 1;
}

interface Trial {
  readonly name: string;
  readonly method: Method;
  readonly paths: readonly Float64Array[];
  readonly error: number;
}

/** Every candidate at every origin; one that cannot speak at each of them is out of the race. */
function runTrials(
  history: Float64Array,
  horizon: number,
  shape: Shape,
  origins: readonly number[],
): Trial[] {
  return Object.entries(candidates).flatMap(([name, method]) => {
    const paths = origins.map((origin) =>
      method(history.subarray(0, origin) as Float64Array, horizon, shape),
    );
    if (!paths.every((path): path is Float64Array => path !== null && isFinitePath(path))) return [];
    const errors = paths.map((path, index) =>
      meanAbsoluteError(actualAt(history, origins[index] as number, horizon), path),
    );
    return [{ name, method, paths, error: errors.reduce((sum, error) => sum + error, 0) / errors.length }];
  });
}

/** The median of several paths, step by step. */
function combine(paths: readonly Float64Array[]): Float64Array {
  const middle = (paths.length - 1) / 2;
  return (paths[0] as Float64Array).map((_, step) => {
    const sorted = paths.map((path) => path[step] as number).sort((a, b) => a - b);
    return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  });
}

/** Absolute errors near a step of the horizon, ascending. */
function missesNear(errors: readonly Float64Array[], step: number): number[] {
  return errors
    .flatMap((path) => [...path.subarray(Math.max(0, step - NEIGHBOURS), step + NEIGHBOURS + 1)])
    .map(Math.abs)
    .sort((a, b) => a - b);
}

/** The ⌈(n+1)·coverage⌉-th smallest: the split conformal half-width (Lei et al. 2018). */
const conformalHalfWidth = (misses: readonly number[], coverage: number) =>
  misses[Math.min(misses.length, Math.ceil((misses.length + 1) * coverage)) - 1] as number;
