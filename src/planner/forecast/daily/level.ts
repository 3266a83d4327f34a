import { medianOf } from "../../../stats/quantiles.ts";

/**
 * Days over which a level is taken; the mean of their medians is the level. No single length is right: some series
 * wander from week to week, others return to where they were.
 */
const LEVEL_DAYS = [7, 14, 28, 56] as const;
/** Days by which that mean lags behind a trend: half of each length, on average. */
export const LEVEL_AGE = LEVEL_DAYS.reduce((sum, days) => sum + days / 2, 0) / LEVEL_DAYS.length;
/** Days whose slope is taken for the present one. */
export const SLOPE_DAYS = 42;
/** The steepest slope that is believed, measured units a day: a fifth in four weeks. */
const STEEPEST = 0.2 / 28;

/** The level at an index: what is before it counts. */
export function levelAt(values: Float64Array, end = values.length): number {
  const used = LEVEL_DAYS.filter((days) => days <= end);
  if (used.length === 0) return medianOf(values, 0, end);
  return used.reduce((sum, days) => sum + medianOf(values, end - days, end), 0) / used.length;
}

/** The slope at an index, per day: the median over all pairs of the six weeks before it (Theil 1950, Sen 1968). */
export function slopeAt(values: Float64Array, end = values.length): number {
  const start = Math.max(0, end - SLOPE_DAYS);
  const size = end - start;
  if (size < 2) return 0;
  const slopes = new Float64Array((size * (size - 1)) / 2);
  let pair = 0;
  for (let later = start + 1; later < end; later++)
    for (let earlier = start; earlier < later; earlier++)
      slopes[pair++] = ((values[later] as number) - (values[earlier] as number)) / (later - earlier);
  const slope = medianOf(slopes);
  return Math.sign(slope) * Math.min(Math.abs(slope), STEEPEST);
}

/**
 * How far a slope carries a level in a number of days when it does not compound: a tenth a month is a tenth of
 * today's level every month, so that nothing explodes.
 */
export const carried = (slope: number, days: number, isRelative: boolean): number =>
  isRelative ? Math.sign(slope) * Math.log1p(Math.abs(slope) * days) : slope * days;
