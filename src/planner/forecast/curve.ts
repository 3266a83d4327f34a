import { mean, median } from "simple-statistics";
import type { Line, leastSquares, theilSen } from "../../stats/lines.ts";

/** Days with a value; days without one are simply not there. */
export interface DailySeries {
  /** Day numbers, ascending; day 0 may be any. Day modulo 7 is the weekday. */
  readonly days: readonly number[];
  readonly values: readonly number[];
}

/** One description of a series, carried on: what is expected of a day, and how far from it the day may be. */
export interface Curve {
  mean(day: number): number;
  /** Standard deviation of the day's value: its own noise, the level's error, the slope's, the weekday's. */
  deviation(day: number): number;
  /** Sum of squared residuals, in logarithms where all values are positive: to compare curves by. */
  readonly squares: number;
  /** Days that count as independent of each other. */
  readonly independent: number;
}

export type Fitter = typeof theilSen | typeof leastSquares;

export const WEEK = 7;
/** Strongest autocorrelation that is believed; beyond, a line says nothing about the future. */
const MOST_AUTOCORRELATION = 0.9;
/** Line and weekdays. */
export const PARAMETERS = 2 + (WEEK - 1);
/** Lost precision of the Theil–Sen slope against least squares under normal errors (π/3, Sen 1968). */
const SEN_VARIANCE = Math.PI / 3;

const atWeekday = (weekly: readonly number[], day: number) => weekly[((day % WEEK) + WEEK) % WEEK] as number;

/** A straight line plus the weekdays' deviations: for series with zeros or below. */
export function additiveLine({ days, values }: DailySeries, fit: Fitter): Curve | null {
  const fitted = lineAndWeek(days, values, fit);
  if (fitted === null) return null;
  const { line, weekly } = fitted;
  const expected = (day: number) => line.intercept + line.slope * day + atWeekday(weekly, day);
  const noise = noiseOf(
    days,
    values.map((value, index) => value - expected(days[index] as number)),
  );
  return {
    mean: expected,
    deviation: (day) => noise.sigma * Math.sqrt(1 + WEEK / days.length + noise.ofLine(day)),
    squares: noise.squares,
    independent: noise.independent,
  };
}

/** Constant relative growth times the weekdays' factors. Positive values only. */
export function growth({ days, values }: DailySeries, fit: Fitter): Curve | null {
  const logs = values.map(Math.log);
  const fitted = lineAndWeek(days, logs, fit);
  if (fitted === null) return null;
  const { line, weekly } = fitted;
  const expected = (day: number) => line.intercept + line.slope * day + atWeekday(weekly, day);
  const noise = noiseOf(
    days,
    logs.map((log, index) => log - expected(days[index] as number)),
  );
  return {
    mean: (day) => Math.exp(expected(day)),
    deviation: (day) =>
      Math.exp(expected(day)) * noise.sigma * Math.sqrt(1 + WEEK / days.length + noise.ofLine(day)),
    squares: noise.squares,
    independent: noise.independent,
  };
}

/** A straight line times the weekdays' factors, its noise in proportion. Positive values and line only. */
export function proportionalLine({ days, values }: DailySeries, fit: Fitter): Curve | null {
  const factors = lineAndWeek(days, values.map(Math.log), fit)?.weekly.map(Math.exp);
  if (factors === undefined) return null;
  const line = fit(
    days,
    values.map((value, index) => value / atWeekday(factors, days[index] as number)),
  );
  if (line === null) return null;
  const level = (day: number) => line.intercept + line.slope * day;
  if (!days.every((day) => level(day) > 0)) return null;
  const expected = (day: number) => level(day) * atWeekday(factors, day);
  const noise = noiseOf(
    days,
    values.map((value, index) => Math.log(value / expected(days[index] as number))),
  );
  const middle = level(mean([...days]));
  return {
    mean: expected,
    deviation: (day) =>
      noise.sigma *
      atWeekday(factors, day) *
      Math.hypot(level(day) * Math.sqrt(1 + WEEK / days.length), middle * Math.sqrt(noise.ofLine(day))),
    squares: noise.squares,
    independent: noise.independent,
  };
}

/** A line through the days once the weekdays' own deviations are taken out, and those. */
function lineAndWeek(days: readonly number[], ys: readonly number[], fit: Fitter) {
  let weekly: readonly number[] = new Array(WEEK).fill(0);
  let line: Line | null = null;
  for (let round = 0; round < 3; round++) {
    line = fit(
      days,
      ys.map((y, index) => y - atWeekday(weekly, days[index] as number)),
    );
    if (line === null) return null;
    weekly = weekdayDeviations(days, ys, line);
  }
  return line && { line, weekly };
}

function weekdayDeviations(days: readonly number[], ys: readonly number[], line: Line): number[] {
  const byDay: number[][] = Array.from({ length: WEEK }, () => []);
  days.forEach((day, index) => {
    byDay[((day % WEEK) + WEEK) % WEEK]?.push((ys[index] as number) - line.intercept - line.slope * day);
  });
  const typical = byDay.map((values) => (values.length === 0 ? 0 : median(values)));
  const centre = mean(typical);
  return typical.map((value) => value - centre);
}

/** Size and autocorrelation of residuals, and what they mean for a line's error on a day, in variances of the noise. */
function noiseOf(days: readonly number[], residuals: readonly number[]) {
  const count = residuals.length;
  const squares = residuals.reduce((sum, one) => sum + one * one, 0);
  const meanDay = mean([...days]);
  const spreadOfDays = days.reduce((sum, day) => sum + (day - meanDay) ** 2, 0);
  // A fit leaves less autocorrelation in its residuals than there was (Marriott & Pope 1954): some is given back.
  const rho = Math.min(MOST_AUTOCORRELATION, Math.max(0, dayToDay(days, residuals) + 4 / count));
  const inflation = (1 + rho) / (1 - rho);
  return {
    squares,
    sigma: Math.sqrt(squares / Math.max(1, count - PARAMETERS)),
    independent: count / inflation,
    ofLine: (day: number) => inflation * (1 / count + (SEN_VARIANCE * (day - meanDay) ** 2) / spreadOfDays),
  };
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
