import type { LastForecast } from "../../model/forecast-demand.ts";
import { type Course, type CourseOptions, courseOf } from "./daily/course.ts";
import { type Holidays, NO_HOLIDAYS } from "./daily/holidays.ts";
import type { DemandPaths } from "./daily/simulate.ts";
import { courseOfStock } from "./daily/stock.ts";
import { type DailySeries, type DemandKind, filled, WEEK } from "./daily-series.ts";
import { type Earlier, type LastTime, lastForecastOf, lastTimeOf } from "./last-forecast.ts";
import { naiveScale } from "./score.ts";
import type { Spread } from "./spread.ts";

/** Days with a value below which no level is told from its weekdays. */
export const LEAST_FITTED = 4 * WEEK;
/** Fewer days are refused: a fit, and a week to try it on. */
export const LEAST_DAYS = LEAST_FITTED + WEEK;
/** Share of the history that the backtest looks ahead at most; what is before it must suffice for a fit. */
const BACKTEST_SHARE = 1 / 3;
const MOST_ORIGINS = 4;
/** Paths of a forecast that is only scored. */
const TRIAL_PATHS = 200;

export interface DailyForecast {
  readonly method: string;
  /** Growth of the level alone, relative, per 30 days. */
  readonly growthPer30Days: number;
  /** Step 0 is the first day ahead. */
  readonly spread: Spread;
  readonly paths: DemandPaths;
  /** The forecast from the backtest's last origin of the last week's busiest day, and what came; days since 1970-01-01. */
  readonly lastTime: LastTime | null;
  /** The whole of that forecast. */
  readonly lastForecast: LastForecast | null;
  readonly backtest: {
    readonly horizonDays: number;
    readonly origins: number;
    readonly mase: number | null;
    readonly coverage95: number | null;
    readonly coverage80: number | null;
    readonly beatsSeasonalNaive: boolean;
  };
}

/**
 * Forecasts daily levels as simulated paths, and tries the same on earlier days of the history.
 *
 * @param horizon days ahead
 * @param firstDay the first of them; days between the history's last and it are missing or were an incident
 * @param holidays of the history and of the days ahead
 * @returns null with fewer than 35 days
 */
export function forecastDaily(
  series: DailySeries,
  horizon: number,
  firstDay: number,
  kind: DemandKind = "flow",
  holidays: Holidays = NO_HOLIDAYS,
): DailyForecast | null {
  if (series.days.length < LEAST_DAYS) return null;
  const last = series.days.at(-1) as number;
  const skipped = firstDay - 1 - last;
  const span = last - (series.days[0] as number) + 1;
  const afterLeast = last - (series.days[LEAST_FITTED - 1] as number);
  const ahead = Math.min(horizon + skipped, Math.floor(span * BACKTEST_SHARE), afterLeast);
  const trial = tryOut(series, ahead, kind, holidays);
  if (trial === null) return null;
  const course = courseFor(kind, series, horizon, { skip: skipped, holidays });
  const scale = naiveScale(Float64Array.from(filled(series)), WEEK);
  return {
    method: methodOf(course.outlook, kind, holidays),
    growthPer30Days: growthOf(course),
    spread: course.spread,
    paths: course.paths,
    lastTime: trial.earlier && lastTimeOf(trial.earlier),
    lastForecast: trial.earlier && lastForecastOf(trial.earlier),
    backtest: {
      horizonDays: ahead,
      origins: trial.origins,
      mase: scale === null ? null : trial.error / scale,
      coverage95: trial.inside95,
      coverage80: trial.inside80,
      beatsSeasonalNaive: trial.error <= trial.naiveError,
    },
  };
}

const courseFor = (kind: DemandKind, series: DailySeries, days: number, options: CourseOptions): Course =>
  (kind === "stock" ? courseOfStock : courseOf)(series, days, options);

function growthOf({ levels }: Course): number {
  const [first, last] = [levels[0] as number, levels.at(-1) as number];
  const growth = (last / first) ** (30 / Math.max(1, levels.length - 1)) - 1;
  return first > 0 && last > 0 && Number.isFinite(growth) ? growth : 0;
}

function methodOf(
  { slopeShare, year, yearShare }: Course["outlook"],
  kind: DemandKind,
  holidays: Holidays,
): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)}%`;
  const parts = ["level of the last weeks", "weekdays", `${percent(slopeShare.mean)} of the trend`];
  if (year !== null) parts.push(`${percent(yearShare.mean)} of last year's shape`);
  if (holidays.size > 0) parts.push("public holidays");
  return `${kind === "stock" ? "what is added a day, summed: " : ""}${parts.join(", ")}`;
}

/** Mean absolute error, coverage and the seasonal naive method's error over the last origins. */
function tryOut(series: DailySeries, ahead: number, kind: DemandKind, holidays: Holidays) {
  const { days, values } = series;
  const last = days.at(-1) as number;
  const results: { error: number; naive: number; inside95: boolean; inside80: boolean }[] = [];
  let origins = 0;
  let earlier: Earlier | null = null;
  for (let back = 0; back < MOST_ORIGINS; back++) {
    const origin = last - ahead - Math.floor((back * ahead) / MOST_ORIGINS);
    const known = days.findIndex((day) => day > origin);
    if (known < LEAST_FITTED) break;
    const past = { days: days.slice(0, known), values: values.slice(0, known) };
    // Where the days before the origin are missing, it is further from what is known than from the origin.
    const lastKnown = past.days.at(-1) as number;
    const options = { most: TRIAL_PATHS, holidays };
    const { spread } = courseFor(kind, past, origin + ahead - lastKnown, options);
    origins++;
    if (back === 0) earlier = { series, spread, madeOn: origin, lastKnown };
    const lastWeek = filled(past).slice(-WEEK);
    for (let index = known; index < days.length && (days[index] as number) <= origin + ahead; index++) {
      const step = (days[index] as number) - lastKnown - 1;
      const actual = values[index] as number;
      const isInside = (tail: number) =>
        actual >= spread.at(tail, step) && actual <= spread.at(1 - tail, step);
      results.push({
        error: Math.abs(actual - spread.at(0.5, step)),
        naive: Math.abs(actual - (lastWeek[step % WEEK] as number)),
        inside95: isInside(0.025),
        inside80: isInside(0.1),
      });
    }
  }
  if (results.length === 0) return null;
  const mean = (of: (result: (typeof results)[number]) => number) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  return {
    origins,
    earlier,
    error: mean(({ error }) => error),
    naiveError: mean(({ naive }) => naive),
    inside95: mean(({ inside95 }) => Number(inside95)),
    inside80: mean(({ inside80 }) => Number(inside80)),
  };
}
