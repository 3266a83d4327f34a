import type { Method } from "../method.ts";

/** The last value for ever: the random walk's best forecast. */
export const naive: Method = (history, horizon) => {
  const last = history.at(-1);
  return last === undefined ? null : new Float64Array(horizon).fill(last);
};

/** The value one season ago. `which` picks the season: 0 the shortest. */
export function seasonalNaive(which: number): Method {
  return (history, horizon, { seasons }) => {
    const season = seasons[which];
    if (season === undefined || history.length < season) return null;
    const start = history.length - season;
    return Float64Array.from({ length: horizon }, (_, step) => history[start + (step % season)] as number);
  };
}

/** The straight line through the first and the last value. */
export const drift: Method = (history, horizon) => {
  if (history.length < 2) return null;
  const last = history.at(-1) as number;
  const slope = (last - (history[0] as number)) / (history.length - 1);
  return Float64Array.from({ length: horizon }, (_, step) => last + slope * (step + 1));
};
