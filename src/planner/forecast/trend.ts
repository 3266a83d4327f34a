import { mean } from "simple-statistics";
import { theilSen } from "../../stats/lines.ts";
import { studentQuantile } from "../../stats/student-t.ts";
import {
  additiveLine,
  type Curve,
  type DailySeries,
  type Fitter,
  growth,
  PARAMETERS,
  proportionalLine,
  WEEK,
} from "./curve.ts";
import type { Spread } from "./spread.ts";

/** Days with a value below which no trend is told from its weekdays. */
export const LEAST_FITTED = 4 * WEEK;
/** Origins of the fit's own backtest, and how many of them the theory's interval counts for. */
const ORIGINS = 5;
const PRIOR_ORIGINS = 5;

/**
 * A trend and a weekly rhythm carried on. Where all values are positive, a straight line and constant relative growth
 * are weighted by how well each describes the history (Akaike weights), because a quarter of history seldom tells them
 * apart and a quarter ahead they differ; their difference is part of the uncertainty.
 *
 * The interval is that of a regression with autocorrelated errors: noise, level, slope and weekday each with its
 * variance, level and slope inflated by (1 + ρ)/(1 − ρ), Student's t over the days less the parameters. Where the fit's
 * own forecasts from earlier days missed by more than such intervals allow, it is widened by that.
 *
 * @returns null with fewer than four weeks
 */
export function fitTrend(series: DailySeries, fit: Fitter = theilSen): Spread | null {
  const curve = fitCurve(series, fit);
  if (curve === null) return null;
  const widening = wideningOf(series, fit);
  const last = series.days.at(-1) as number;
  const floor = series.values.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  return {
    at: (quantile, step) => {
      const day = last + 1 + step;
      const t = studentQuantile(quantile, series.days.length - PARAMETERS);
      return Math.max(floor, curve.mean(day) + t * widening * curve.deviation(day));
    },
  };
}

function fitCurve(series: DailySeries, fit: Fitter): Curve | null {
  if (series.days.length < LEAST_FITTED) return null;
  if (!series.values.every((value) => value > 0)) return additiveLine(series, fit);
  const [straight, relative] = [proportionalLine(series, fit), growth(series, fit)];
  return straight && relative ? mixed(straight, relative) : (straight ?? relative);
}

/** Two curves as one: weighted by likelihood, their distance added to the variance. */
function mixed(a: Curve, b: Curve): Curve {
  const independent = Math.min(a.independent, b.independent);
  const share = b.squares > 0 ? 1 / (1 + (b.squares / a.squares) ** (independent / 2)) : 0.5;
  return {
    mean: (day) => (1 - share) * a.mean(day) + share * b.mean(day),
    deviation: (day) =>
      Math.sqrt(
        (1 - share) * a.deviation(day) ** 2 +
          share * b.deviation(day) ** 2 +
          share * (1 - share) * (a.mean(day) - b.mean(day)) ** 2,
      ),
    squares: Math.min(a.squares, b.squares),
    independent,
  };
}

/**
 * How much too narrow the intervals of earlier forecasts were, ≥ 1: root mean square of the errors over their own
 * deviation, the theory counting for as many origins as were tried.
 */
function wideningOf({ days, values }: DailySeries, fit: Fitter): number {
  const scores: number[] = [];
  for (let origin = 0; origin < ORIGINS; origin++) {
    const cut = Math.floor(days.length * (0.5 + (0.4 * origin) / ORIGINS));
    const curve = fitCurve({ days: days.slice(0, cut), values: values.slice(0, cut) }, fit);
    if (curve === null) continue;
    const misses = values.slice(cut).map((value, index) => {
      const day = days[cut + index] as number;
      const deviation = curve.deviation(day);
      return deviation > 0 ? ((value - curve.mean(day)) / deviation) ** 2 : 0;
    });
    scores.push(mean(misses));
  }
  const total = scores.reduce((sum, score) => sum + score, PRIOR_ORIGINS);
  return Math.sqrt(Math.max(1, total / (PRIOR_ORIGINS + scores.length)));
}
