import { medianOf } from "../../../stats/quantiles.ts";
import { PRIORS } from "./priors.ts";

/** Days ahead at which a flat level's error is looked at, as far as the history allows. */
const LAGS = [14, 28, 56, 84] as const;
/** Where it allows none of them: a week ahead, from two weeks. */
const SHORT = { lag: 7, before: 14 } as const;
/** Days between the origins that are tried: as many origins in a year as in a quarter. */
const strideOf = (length: number) => Math.max(2, Math.round(length / 50));
/** Errors count half as much after so many days: a climb that ended says less of what comes than the calm since. */
const HALF_LIFE = 45;
const MONTH = 28;
const WEEK = 7;
const QUARTER = 90;
/** Days before the first origin. */
const LEAST_BEFORE = 28;
/** Share of the history that a lag and what is before it may take. */
const MOST_OF_HISTORY = 0.75;
/** Share of an error (in variance) that is never put down to noise. */
const LEAST_LEFT = 0.15;
/** The least error there is, relative. */
const LEAST_ERROR = 0.005;

/**
 * How far off the forecast level was after four weeks, standard deviation: from the earlier days of the history, the
 * recent ones most, and all lags it allows, each without the part of the days' noise in it and over what the corpus says
 * of its growth with time; drawn towards what is usual, in logarithms, the less the longer the history.
 *
 * @param foretell the level that would have been forecast at an index, so many days ahead
 */
export function levelError(
  values: Float64Array,
  noiseVariance: number,
  foretell: (origin: number, lag: number) => number,
): number {
  const { usualError, doubtAbove, doubtBelow } = PRIORS;
  const most = values.length * MOST_OF_HISTORY;
  const lags = LAGS.filter((lag) => lag + LEAST_BEFORE + WEEK <= most);
  const squares =
    lags.length > 0
      ? lags.map((lag) => squareAt(values, noiseVariance, foretell, lag, LEAST_BEFORE))
      : [squareAt(values, noiseVariance, foretell, SHORT.lag, SHORT.before)];
  const own = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  const distance = Math.log(Math.max(own, LEAST_ERROR) / usualError);
  const doubt = (distance > 0 ? doubtAbove : doubtBelow) * Math.sqrt(Math.min(1, QUARTER / values.length));
  return usualError * Math.exp(distance * (1 - doubt));
}

/** Mean square of the errors at one lag, as of four weeks. */
function squareAt(
  values: Float64Array,
  noiseVariance: number,
  foretell: (origin: number, lag: number) => number,
  lag: number,
  before: number,
): number {
  const { seen, noiseInSeen } = PRIORS;
  let [sum, weights] = [0, 0];
  const stride = strideOf(values.length);
  for (let origin = before; origin + lag + WEEK <= values.length; origin += stride) {
    const weight = 0.5 ** ((values.length - origin - lag - WEEK) / HALF_LIFE);
    const error = medianOf(values, origin + lag, origin + lag + WEEK) - foretell(origin, lag + WEEK / 2);
    sum += weight * error * error;
    weights += weight;
  }
  const square = weights > 0 ? sum / weights : PRIORS.usualError ** 2;
  const left = Math.max(LEAST_LEFT * square, square - noiseInSeen * noiseVariance);
  return left / (seen.atOnce + (seen.perMonth * lag) / MONTH);
}

/** Variance of the level's error so many days ahead, from the error of four weeks. */
export function errorVariance(
  error: number,
  noiseVariance: number,
  days: number,
  { length, hasYear }: { readonly length: number; readonly hasYear: boolean },
): number {
  const { atOnce, perMonth } = hasYear ? PRIORS.aheadWithYear : PRIORS.ahead;
  const unseen = 1 + PRIORS.unseen * Math.min(1, QUARTER / length);
  return PRIORS.noiseAhead * noiseVariance + error ** 2 * (atOnce + (perMonth * days) / MONTH) * unseen;
}
