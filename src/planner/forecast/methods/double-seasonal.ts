import { minimise } from "../../../stats/minimise.ts";
import type { Method } from "../method.ts";

interface State {
  level: number;
  /** Deviation by position in each season. */
  readonly seasonal: readonly Float64Array[];
  lastError: number;
}

/**
 * Exponential smoothing of a level and one or two nested seasons, with the one-step errors' autocorrelation (Taylor
 * 2003, Short-term electricity demand forecasting using double seasonal exponential smoothing), additive and without
 * trend. In a series of logarithms the same is multiplicative.
 */
export const seasonalSmoothing: Method = (history, horizon, { seasons }) => {
  const used = seasons.filter((season) => history.length >= 2 * season + 1);
  if (used.length === 0) return null;
  const initial = initialise(history, used);
  const bounds = [[0.001, 0.9], ...used.map(() => [0.001, 0.6]), [0, 0.98]] as [number, number][];
  const start = [0.1, ...used.map(() => 0.15), 0.6];
  const { point } = minimise(
    (parameters) => run(history, used, copy(initial), parameters).cost,
    start,
    bounds,
    60 * start.length,
  );
  const { state } = run(history, used, copy(initial), point);
  const phi = point.at(-1) as number;
  return Float64Array.from({ length: horizon }, (_, step) => {
    const at = history.length + step;
    const season = state.seasonal.reduce(
      (sum, values, which) => sum + (values[at % (used[which] as number)] as number),
      0,
    );
    return state.level + season + phi ** (step + 1) * state.lastError;
  });
};

function copy({ level, seasonal }: State): State {
  return { level, seasonal: seasonal.map((values) => Float64Array.from(values)), lastError: 0 };
}

/** Runs the recursions; the cost is the mean squared one-step error after the first of the longest season. */
function run(
  history: Float64Array,
  seasons: readonly number[],
  state: State,
  parameters: Float64Array,
): { cost: number; state: State } {
  const alpha = parameters[0] as number;
  const phi = parameters.at(-1) as number;
  const warmUp = seasons.at(-1) as number;
  let cost = 0;
  for (let at = 0; at < history.length; at++) {
    const value = history[at] as number;
    let season = 0;
    for (let which = 0; which < seasons.length; which++)
      season += (state.seasonal[which] as Float64Array)[at % (seasons[which] as number)] as number;
    const error = value - state.level - season;
    const surprise = error - phi * state.lastError;
    if (at >= warmUp) cost += surprise * surprise;
    state.level += alpha * surprise;
    for (let which = 0; which < seasons.length; which++) {
      const values = state.seasonal[which] as Float64Array;
      const position = at % (seasons[which] as number);
      values[position] = (values[position] as number) + (parameters[which + 1] as number) * surprise;
    }
    state.lastError = value - state.level - seasonAt(state, seasons, at);
  }
  return { cost: cost / Math.max(1, history.length - warmUp), state };
}

function seasonAt(state: State, seasons: readonly number[], at: number): number {
  let sum = 0;
  for (let which = 0; which < seasons.length; which++)
    sum += (state.seasonal[which] as Float64Array)[at % (seasons[which] as number)] as number;
  return sum;
}

/** Means by position: first of the shortest season, then of what is left for the longer ones. */
function initialise(history: Float64Array, seasons: readonly number[]): State {
  const cycles = Math.min(history.length, 4 * (seasons.at(-1) as number));
  const first = history.slice(0, cycles);
  const level = first.reduce((sum, value) => sum + value, 0) / first.length;
  const left = first.map((value) => value - level);
  const seasonal = seasons.map((season) => {
    const sums = new Float64Array(season);
    const counts = new Float64Array(season);
    left.forEach((value, at) => {
      sums[at % season] = (sums[at % season] as number) + value;
      counts[at % season] = (counts[at % season] as number) + 1;
    });
    const means = sums.map((sum, position) => sum / (counts[position] as number));
    left.forEach((value, at) => {
      left[at] = value - (means[at % season] as number);
    });
    return means;
  });
  return { level, seasonal, lastError: 0 };
}
