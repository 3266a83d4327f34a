import { medianOf } from "../../../stats/quantiles.ts";
import { LEVEL_AGE, levelAt } from "./level.ts";

/** Whole weeks, so that weekdays fall on weekdays. */
export const YEAR = 364;
/** Days either side over which last year's shape is smoothed: medians, so that a single event of last year is none. */
const SMOOTHING = 14;
/** Days that must be there before the day a year ago, for the level then. */
const LEAST_BEFORE_YEAR = 21;
/** A level that moved by more than this in a year (in logarithms, or of itself) is a trend of its own, not a season. */
const MOST_OF_YEAR = 1;
const LEVEL_LAGS = [4, 7, 14, 28] as const;

export const hasYear = (length: number): boolean => length >= YEAR + LEAST_BEFORE_YEAR;

/**
 * How far the level moved last year from this day on, by day ahead, less what the whole year moved it evenly: the
 * season without the growth. With several years, their mean.
 */
export function yearShape(values: Float64Array, horizon: number, end = values.length): Float64Array {
  const shape = new Float64Array(horizon);
  let years = 0;
  for (let back = YEAR; end - back >= LEAST_BEFORE_YEAR; back += YEAR) {
    const start = end - back;
    const near = (ahead: number) => {
      const from = Math.max(0, start + ahead - SMOOTHING);
      return medianOf(values, from, Math.min(end, start + ahead + SMOOTHING + 1));
    };
    const then = LEVEL_LAGS.reduce((sum, lag) => sum + near(-lag), 0) / LEVEL_LAGS.length;
    const later = back === YEAR ? levelAt(values, end) : levelAt(values, start + YEAR);
    const moved = Math.max(-MOST_OF_YEAR, Math.min(MOST_OF_YEAR, later - then));
    for (let step = 0; step < horizon; step++) {
      const inYear = step % YEAR;
      const even = (moved * (inYear + LEVEL_AGE)) / YEAR;
      shape[step] = (shape[step] as number) + near(inYear) - then - even;
    }
    years++;
  }
  return years === 0 ? shape : shape.map((value) => value / years);
}
