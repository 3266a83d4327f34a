import { mean, median } from "simple-statistics";
import { leastSquares, type Line, theilSen } from "../../stats/lines.ts";
import { studentQuantile } from "../../stats/student-t.ts";
import type { Spread } from "./spread.ts";

/** Days with a value; days without one are simply not there. */
export interface DailySeries {
  /** Day numbers, ascending; day 0 may be any. Day modulo 7 is the weekday. */
  readonly days: readonly number[];
  readonly values: readonly number[];
}

export interface TrendFit {
  /** Step 0 is the day after the last one of the history. */
  readonly spread: Spread;
  /** Change per day relative to the level at the end. */
  readonly growthPerDay: number;
}

type Fitter = (xs: readonly number[], ys: readonly number[]) => Line | null;

/** Strongest autocorrelation that is believed; beyond, a line says nothing about the future. */
const MOST_AUTOCORRELATION = 0.9;
/** What the weekday means cost, in parameters. */
const WEEK = 7;
/** Lost precision of the Theil–Sen slope against least squares under normal errors (π/3, Sen 1968). */
const SEN_VARIANCE = Math.PI / 3;

interface ScaleFit {
  readonly line: Line;
  readonly weekly: readonly number[];
  /** Standard deviation of the residuals, and their autocorrelation from one day to the next. */
  readonly sigma: number;
  readonly rho: number;
  readonly meanDay: number;
  readonly squares: number;
  readonly count: number;
}

/** A line through the days, the weekdays' own deviations taken out, and what is left. */
function fitScale(days: readonly number[], ys: readonly number[], fit: Fitter): ScaleFit | null {
  let weekly: readonly number[] = new Array(WEEK).fill(0);
  let line: Line | null = null;
  for (let round = 0; round < 3; round++) {
    line = fit(
      days,
      ys.map((y, index) => y - weekdayOf(weekly, days[index] as number)),
    );
    if (line === null) return null;
    weekly = weekdayDeviations(days, ys, line);
  }
  if (line === null) return null;
  const { slope, intercept } = line;
  const residuals = ys.map(
    (y, index) => y - intercept - slope * (days[index] as number) - weekdayOf(weekly, days[index] as number),
  );
  const count = residuals.length;
  const squaresOfResiduals = residuals.reduce((sum, one) => sum + one * one, 0);
  const meanDay = mean([...days]);
  return {
    line,
    weekly,
    sigma: Math.sqrt(squaresOfResiduals / Math.max(1, count - 2 - (WEEK - 1))),
    rho: Math.min(MOST_AUTOCORRELATION, Math.max(0, dayToDay(days, residuals) + bias(count))),
    meanDay,
    squares: days.reduce((sum, day) => sum + (day - meanDay) ** 2, 0),
    count,
  };
}

/** Fitting eats autocorrelation: a residual's is too low by about (1 + 3ρ)/n per parameter pair (Marriott & Pope 1954). */
const bias = (count: number) => 4 / count;

const weekdayOf = (weekly: readonly number[], day: number) => weekly[((day % WEEK) + WEEK) % WEEK] as number;

function weekdayDeviations(days: readonly number[], ys: readonly number[], line: Line): number[] {
  const byDay: number[][] = Array.from({ length: WEEK }, () => []);
  days.forEach((day, index) => {
    byDay[((day % WEEK) + WEEK) % WEEK]?.push((ys[index] as number) - line.intercept - line.slope * day);
  });
  const typical = byDay.map((values) => (values.length === 0 ? 0 : median(values)));
  const centre = mean(typical);
  return typical.map((value) => value - centre);
}

function dayToDay(days: readonly number[], residuals: readonly number[]): number {
  let [together, power] = [0, 0];
  residuals.forEach((residual, index) => {
    power += residual * residual;
    if (index > 0 && days[index] === (days[index - 1] as number) + 1)
      together += residual * (residuals[index - 1] as number);
  });
  return power > 0 ? together / power : 0;
}

/** Standard deviation of the value `ahead` days after the mean day: its own noise, the level's, the slope's, the weekday's. */
function deviation(fit: ScaleFit, day: number): number {
  const inflation = (1 + fit.rho) / (1 - fit.rho);
  const level = inflation / fit.count;
  const slope = (SEN_VARIANCE * inflation * (day - fit.meanDay) ** 2) / fit.squares;
  return fit.sigma * Math.sqrt(1 + level + slope + WEEK / fit.count);
}

/** Origins of the fit's own backtest, and how many of them the theory's interval counts for. */
const ORIGINS = 5;
const PRIOR_ORIGINS = 5;

/**
 * A trend and a weekly rhythm carried on: a straight line and, where all values are positive, constant relative
 * growth, weighted by how well each describes the history (Akaike weights), because a quarter of history seldom tells
 * them apart and a quarter ahead they differ.
 *
 * The interval is that of a regression with autocorrelated errors: noise, level, slope and weekday each with its
 * variance, the last three inflated by (1 + ρ)/(1 − ρ), Student's t over the days less the parameters. Where the fit's
 * own forecasts from earlier days missed by more than such intervals allow, it is widened by that.
 *
 * @returns null with fewer than four weeks
 */
export function fitTrend(series: DailySeries, fit: Fitter = theilSen): TrendFit | null {
  const fitted = fitOnce(series, fit);
  if (fitted === null) return null;
  const widening = wideningOf(series, fit);
  const { spread, growthPerDay } = fitted;
  const floor = series.values.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  const at = (quantile: number, step: number) => {
    const middle = spread.at(0.5, step);
    return Math.max(floor, middle + widening * (spread.at(quantile, step) - middle));
  };
  return { spread: { at }, growthPerDay };
}

function fitOnce({ days, values }: DailySeries, fit: Fitter): TrendFit | null {
  if (days.length < 4 * WEEK) return null;
  const last = days.at(-1) as number;
  const linear = fitScale(days, values, fit);
  if (linear === null) return null;
  const growing = values.every((value) => value > 0) ? fitScale(days, values.map(Math.log), fit) : null;
  const point = (scale: ScaleFit, day: number) =>
    scale.line.intercept + scale.line.slope * day + weekdayOf(scale.weekly, day);
  const share = growing === null ? 0 : shareOfGrowing(days, values, linear, growing, point);
  const at = (quantile: number, step: number) => {
    const day = last + 1 + step;
    const t = studentQuantile(quantile, linear.count - 2 - (WEEK - 1));
    const straight = point(linear, day) + t * deviation(linear, day);
    if (growing === null) return straight;
    return (1 - share) * straight + share * Math.exp(point(growing, day) + t * deviation(growing, day));
  };
  const level = linear.line.intercept + linear.line.slope * last;
  return { spread: { at }, growthPerDay: level > 0 ? linear.line.slope / level : 0 };
}

/** Akaike weight of constant relative growth against the straight line, over the days that count as independent. */
function shareOfGrowing(
  days: readonly number[],
  values: readonly number[],
  linear: ScaleFit,
  growing: ScaleFit,
  point: (scale: ScaleFit, day: number) => number,
): number {
  const squares = (guess: (day: number) => number) =>
    values.reduce((sum, value, index) => sum + (value - guess(days[index] as number)) ** 2, 0);
  const straight = squares((day) => point(linear, day));
  const relative = squares((day) => Math.exp(point(growing, day)));
  if (!(straight > 0) || !(relative > 0)) return straight > 0 ? 1 : 0.5;
  const independent = (values.length * (1 - linear.rho)) / (1 + linear.rho);
  return 1 / (1 + (relative / straight) ** (independent / 2));
}

/**
 * How much too narrow the intervals of earlier forecasts were, ≥ 1: root mean square of the errors over their own
 * deviation, the theory counting for as many origins as were tried.
 */
function wideningOf({ days, values }: DailySeries, fit: Fitter): number {
  const count = days.length;
  let [sum, origins] = [0, 0];
  for (let origin = 1; origin <= ORIGINS; origin++) {
    const cut = Math.floor(count * (0.5 + (0.4 * (origin - 1)) / ORIGINS));
    const fitted = fitOnce({ days: days.slice(0, cut), values: values.slice(0, cut) }, fit);
    if (fitted === null) continue;
    const scores = values.slice(cut).map((value, index) => {
      const step = (days[cut + index] as number) - (days[cut - 1] as number) - 1;
      const middle = fitted.spread.at(0.5, step);
      // One standard deviation is 0.158655 in the tail.
      const side = value > middle ? fitted.spread.at(0.841345, step) - middle : middle - fitted.spread.at(0.158655, step);
      return side > 0 ? ((value - middle) / side) ** 2 : 0;
    });
    sum += mean(scores);
    origins++;
  }
  return Math.sqrt(Math.max(1, (PRIOR_ORIGINS + sum) / (PRIOR_ORIGINS + origins)));
}
