import { medianOf } from "../../../stats/quantiles.ts";
import { type DailySeries, filled } from "../daily-series.ts";
import { calendarEffects } from "./calendar.ts";
import { type Holidays, holidayEffects, NO_HOLIDAYS } from "./holidays.ts";
import { carried, levelAt, slopeAt } from "./level.ts";
import { errorVariance, levelError } from "./level-error.ts";
import { type Measure, measureOf } from "./measure.ts";
import { PRIORS } from "./priors.ts";
import { catchUp, type Share, shareAfter, slopeShare } from "./slope-share.ts";
import { hasYear, yearShape } from "./year.ts";

/** Days whose residuals are the noise to come. */
const NOISE_DAYS = 182;
/** Days either side of a day that make its own level, for its residual. */
const NOISE_WINDOW = 7;

/** What is expected of the days ahead and how unsure each part of it is, in measured units; step 0 is the first day ahead. */
export interface Outlook {
  readonly measure: Measure;
  /** Days since 1970-01-01 of step 0. */
  readonly firstDay: number;
  readonly slopeShare: Share;
  /** Last year's shape by step, or null. */
  readonly year: Float64Array | null;
  readonly yearShare: Share;
  /** Residuals of whole weeks, the first on the weekday of step 0. */
  readonly noise: Float64Array;
  /** Variance of the level's error by step. */
  levelVariance(step: number): number;
  /** How far the whole slope carries the level, by step. */
  readonly carried: Float64Array;
  /** The level expected of each step, and the day's value: with its place in the calendar. Measured units. */
  readonly levels: Float64Array;
  readonly expected: Float64Array;
}

/**
 * Level, slope, weekdays, last year's shape, noise and holidays of a daily series.
 *
 * @param horizon days ahead of the history's last
 */
export function outlookOf(series: DailySeries, horizon: number, holidays: Holidays = NO_HOLIDAYS): Outlook {
  const measure = measureOf(series.values);
  const start = series.days[0] as number;
  const values = Float64Array.from(filled(series, holidays), measure.to);
  const calendar = calendarEffects(values, start);
  const adjusted = values.map((value, index) => value - calendar.at(start + index));
  const isRelative = measure.name === "relative";
  const slope = slopeAt(adjusted);
  const share = slopeShare(adjusted, horizon, isRelative);
  const today = levelAt(adjusted) + catchUp(slope, share.mean, isRelative);
  const year = hasYear(values.length) ? yearShape(adjusted, horizon) : null;
  const { yearShare } = PRIORS;
  const noise = residuals(adjusted);
  const noiseVariance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
  const seen = { days: series.days, values: series.values.map(measure.to) };
  const holiday = holidayEffects(seen, values, noiseVariance, holidays);
  const at = remembered((origin) => ({ level: levelAt(adjusted, origin), slope: slopeAt(adjusted, origin) }));
  const error = levelError(
    adjusted,
    noiseVariance,
    (origin, ahead) =>
      at(origin).level +
      catchUp(at(origin).slope, share.mean, isRelative) +
      shareAfter(share.mean, ahead, horizon) * carried(at(origin).slope, ahead, isRelative),
  );
  const highest = adjusted.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const past = { length: values.length, hasYear: year !== null };
  const firstDay = start + values.length;
  const atEnd = errorVariance(error, noiseVariance, horizon, past);
  const shrink = isRelative ? Math.min(1, plausibleVariance(highest - today, horizon) / atEnd) : 1;
  const bySlope = Float64Array.from({ length: horizon }, (_, step) => carried(slope, step + 1, isRelative));
  const levels = bySlope.map(
    (carry, step) =>
      today +
      shareAfter(share.mean, step + 1, horizon) * carry +
      (year === null ? 0 : yearShare.mean * (year[step] as number)),
  );
  return {
    measure,
    firstDay,
    slopeShare: share,
    year,
    yearShare,
    noise,
    carried: bySlope,
    levels,
    expected: levels.map((value, step) => value + calendar.at(firstDay + step) + holiday(firstDay + step)),
    levelVariance: (step) => shrink * errorVariance(error, noiseVariance, step + 1, past),
  };
}

/** The lags look from the same origins. */
function remembered<T>(compute: (origin: number) => T): (origin: number) => T {
  const known = new Map<number, T>();
  return (origin) => {
    const value = known.get(origin) ?? compute(origin);
    known.set(origin, value);
    return value;
  };
}

/** Times the highest ever seen that one path in ten may pass after a quarter. */
const PLAUSIBLE = 2;
const Z90 = 1.2816;
const QUARTER = 90;

/**
 * The most that the level's variance may be at the end, in logarithms: a level that rose tenfold says nothing of a
 * hundredfold. A random walk from a quarter to other horizons.
 *
 * @param below how far the level is below the highest ever seen
 */
function plausibleVariance(below: number, horizon: number): number {
  const most = Math.max(0, below) + Math.log(PLAUSIBLE) * Math.sqrt(Math.max(1, horizon / QUARTER));
  return (most / Z90) ** 2;
}

/** Days less the median of the fortnight around them, whole weeks up to the last day. */
function residuals(adjusted: Float64Array): Float64Array {
  const length = Math.floor(Math.min(NOISE_DAYS, adjusted.length) / 7) * 7;
  const from = adjusted.length - length;
  return Float64Array.from({ length }, (_, offset) => {
    const index = from + offset;
    const low = Math.max(0, Math.min(adjusted.length - 2 * NOISE_WINDOW - 1, index - NOISE_WINDOW));
    return (adjusted[index] as number) - medianOf(adjusted, low, low + 2 * NOISE_WINDOW + 1);
  });
}
