import { type LastForecast, sixDigits } from "../../model/forecast-demand.ts";
import { type DailySeries, WEEK } from "./daily-series.ts";
import type { Spread } from "./spread.ts";

/** Points that are kept of a forecast, at most: a picture needs no more, and a plan stays small. */
const MOST_POINTS = 92;

/** A forecast made on an earlier day of the history; days since 1970-01-01. */
export interface Earlier {
  readonly series: DailySeries;
  readonly spread: Spread;
  /** The last day that counted for it, and the last day before it that has a value: step 0 is the day after. */
  readonly madeOn: number;
  readonly lastKnown: number;
}

export interface LastTime {
  readonly madeOn: number;
  readonly day: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly came: number;
}

/** The forecast of the last week's busiest day, and what came. */
export function lastTimeOf({ series, spread, madeOn, lastKnown }: Earlier): LastTime | null {
  const { days, values } = series;
  const last = days.at(-1) as number;
  const recent = [...days.keys()].filter(
    (at) => (days[at] as number) > last - WEEK && (days[at] as number) > madeOn,
  );
  const [first, ...rest] = recent;
  if (first === undefined) return null;
  const busiest = rest.reduce(
    (best, at) => ((values[at] as number) > (values[best] as number) ? at : best),
    first,
  );
  const day = days[busiest] as number;
  const at = (quantile: number) => spread.at(quantile, day - lastKnown - 1);
  return { madeOn, day, p10: at(0.1), p50: at(0.5), p90: at(0.9), came: values[busiest] as number };
}

/** The whole of it beside what came; where that is more than a quarter, every second day, or third. */
export function lastForecastOf({ series, spread, madeOn, lastKnown }: Earlier): LastForecast {
  const length = (series.days.at(-1) as number) - madeOn;
  const everyDays = Math.ceil(length / MOST_POINTS);
  const days = Array.from({ length: Math.ceil(length / everyDays) }, (_, at) => madeOn + 1 + at * everyDays);
  const came = new Map(series.days.map((day, index) => [day, series.values[index] as number]));
  const forecast = (quantile: number) =>
    days.map((day) => sixDigits(spread.at(quantile, day - lastKnown - 1)));
  return {
    firstDay: new Date((madeOn + 1) * 86_400_000).toISOString().slice(0, 10),
    everyDays,
    p10: forecast(0.1),
    p50: forecast(0.5),
    p90: forecast(0.9),
    came: days.map((day) => {
      const value = came.get(day);
      return value === undefined ? null : sixDigits(value);
    }),
  };
}
