import { mean, median } from "simple-statistics";
import { leastSquares, theilSen } from "../../stats/lines.ts";
import type { DailySeries } from "./curve.ts";
import { forecastSeries } from "./forecast.ts";
import { naiveScale } from "./score.ts";
import type { Spread } from "./spread.ts";
import { fitTrend, LEAST_FITTED } from "./trend.ts";

const WEEK = 7;
/** Horizons a history must hold for methods to be tried at the full horizon. */
const LONG_HISTORY = 3;
/** Share of the history that the backtest looks ahead at most; what is before it must suffice for a fit. */
const BACKTEST_SHARE = 1 / 3;
const ORIGINS = 4;
/** Fewer days are refused: a fit, and a week to try it on. */
export const LEAST_DAYS = LEAST_FITTED + WEEK;

export interface DailyForecast {
  readonly method: string;
  /** Step 0 is the first day ahead. */
  readonly spread: Spread;
  readonly backtest: {
    readonly horizonDays: number;
    readonly origins: number;
    readonly mase: number | null;
    readonly coverage95: number | null;
    readonly beatsSeasonalNaive: boolean;
  };
}

type Contender = (series: DailySeries, horizon: number) => Spread | null;

/** Carried a quarter ahead from a quarter of history: a robust line, a least squares one, both with a weekly rhythm. */
const contenders: Readonly<Record<string, Contender>> = {
  "Theil–Sen trend with weekly rhythm": (series) => fitTrend(series, theilSen),
  "least-squares trend with weekly rhythm": (series) => fitTrend(series, leastSquares),
};

/** Where the history holds three horizons: the race of all methods, at the full horizon. */
const longContender: Record<string, Contender> = {
  "median of the methods best over rolling origins": (series, horizon) =>
    forecastSeries(Float64Array.from(filled(series)), horizon, { seasons: [WEEK] })?.spread ?? null,
};

/**
 * Forecasts daily levels, choosing among the contenders by their mean absolute error over rolling origins.
 *
 * @param horizon days ahead
 * @param firstDay the first of them; days between the history's last and it are missing or were an incident
 * @returns null with fewer than 35 days
 */
export function forecastDaily(series: DailySeries, horizon: number, firstDay: number): DailyForecast | null {
  if (series.days.length < LEAST_DAYS) return null;
  const last = series.days.at(-1) as number;
  const skipped = firstDay - 1 - last;
  const reach = horizon + skipped;
  const span = last - (series.days[0] as number) + 1;
  const afterLeast = last - (series.days[LEAST_FITTED - 1] as number);
  const ahead = Math.min(reach, Math.floor(span * BACKTEST_SHARE), afterLeast);
  const racing = span >= LONG_HISTORY * reach && reach > 0 ? { ...contenders, ...longContender } : contenders;
  const tried = Object.entries(racing).flatMap(([method, contender]) => {
    const score = tryOut(series, ahead, contender);
    const spread = contender(series, reach);
    return score && spread ? [{ method, spread, ...score }] : [];
  });
  const best = tried.sort((a, b) => a.error - b.error)[0];
  if (best === undefined) return null;
  const scale = naiveScale(Float64Array.from(filled(series)), WEEK);
  return {
    method: best.method,
    spread: { at: (quantile, step) => best.spread.at(quantile, step + skipped) },
    backtest: {
      horizonDays: ahead,
      origins: best.origins,
      mase: scale === null ? null : best.error / scale,
      coverage95: best.inside,
      beatsSeasonalNaive: best.error <= best.naiveError,
    },
  };
}

/** Mean absolute error, coverage and the seasonal naive method's error over the last origins. */
function tryOut(series: DailySeries, ahead: number, contender: Contender) {
  const { days, values } = series;
  const last = days.at(-1) as number;
  const results: { error: number; naive: number; inside: boolean }[] = [];
  let origins = 0;
  for (let back = 0; back < ORIGINS; back++) {
    const origin = last - ahead - Math.floor((back * ahead) / ORIGINS);
    const known = days.findIndex((day) => day > origin);
    if (known < LEAST_FITTED) break;
    const past = { days: days.slice(0, known), values: values.slice(0, known) };
    // Where the days before the origin are missing, it is further from what is known than from the origin.
    const lastKnown = past.days.at(-1) as number;
    const spread = contender(past, origin + ahead - lastKnown);
    if (spread === null) break;
    origins++;
    const lastWeek = filled(past).slice(-WEEK);
    for (let index = known; index < days.length && (days[index] as number) <= origin + ahead; index++) {
      const step = (days[index] as number) - lastKnown - 1;
      const actual = values[index] as number;
      results.push({
        error: Math.abs(actual - spread.at(0.5, step)),
        naive: Math.abs(actual - (lastWeek[step % WEEK] as number)),
        inside: actual >= spread.at(0.025, step) && actual <= spread.at(0.975, step),
      });
    }
  }
  if (results.length === 0) return null;
  return {
    origins,
    error: mean(results.map(({ error }) => error)),
    naiveError: mean(results.map(({ naive }) => naive)),
    inside: results.filter(({ inside }) => inside).length / results.length,
  };
}

/** Every day from the first to the last; one without a value takes the median of its weekday's three nearest. */
export function filled({ days, values }: DailySeries): number[] {
  const first = days[0] as number;
  const known = new Map(days.map((day, index) => [day, values[index] as number]));
  return Array.from({ length: (days.at(-1) as number) - first + 1 }, (_, offset) => {
    const day = first + offset;
    const value = known.get(day);
    if (value !== undefined) return value;
    const same = days
      .filter((other) => (other - day) % WEEK === 0)
      .sort((a, b) => Math.abs(a - day) - Math.abs(b - day))
      .slice(0, 3)
      .map((other) => known.get(other) as number);
    return median(same.length > 0 ? same : [...values]);
  });
}
