import type { Backtest, BacktestedSeries } from "../model/backtest.ts";
import { cleanDaily } from "./demand/clean.ts";
import { forecastDaily } from "./forecast/daily.ts";
import { detectSeason } from "./forecast/detect-season.ts";
import { forecastSeries } from "./forecast/forecast.ts";
import { naive2 } from "./forecast/naive2.ts";
import { mase, naiveScale, smape } from "./forecast/score.ts";
import type { Spread } from "./forecast/spread.ts";

/** Ends of the 95% interval. */
export const [LOW, HIGH] = [0.025, 0.975];

export interface HeldOut {
  readonly id: string;
  readonly history: Float64Array;
  readonly actual: Float64Array;
}

export interface Forecast {
  readonly method: string;
  readonly spread: Spread;
}

export interface ScoredForecast {
  readonly id: string;
  readonly forecast: Forecast;
}

/** A history and a horizon in points → a forecast, or why there is none. */
export type Forecaster = (
  history: Float64Array,
  horizon: number,
  seasons: readonly number[],
) => Forecast | { readonly refused: string };

/** Any regular series: the race of all methods; a season that is not given is looked for. */
export const race: Forecaster = (history, horizon, seasons) => {
  const found = seasons.length > 0 ? seasons : [detectSeason(history)].filter((one) => one !== null);
  const forecast = forecastSeries(history, horizon, { seasons: found });
  if (forecast === null) return { refused: `${history.length} points are too few` };
  return { method: `median of ${forecast.methods.join(", ")}`, spread: forecast.spread };
};

/** Busy hours by day, as a plan forecasts them. */
export const daily: Forecaster = (history, horizon) => {
  const { series, refused } = cleanDaily({ days: [...history.keys()], values: [...history] });
  if (refused !== null) return { refused };
  const forecast = forecastDaily(series, horizon, history.length);
  return forecast ?? { refused: `${series.days.length} ordinary days are too few` };
};

interface Scored {
  readonly row: BacktestedSeries;
  readonly forecast: Forecast | null;
  readonly naive2: { readonly mase: number | null; readonly smape: number };
}

/**
 * Forecasts every series without its held-out end and scores the forecasts against it and against Naive2.
 *
 * @param seasons in points, shortest first; none: a calendar season is looked for in each series
 */
export function backtest(
  series: readonly HeldOut[],
  seasons: readonly number[],
  horizon: number,
  forecaster: Forecaster = race,
): {
  result: Omit<Backtest, "summary"> & { summary: Omit<Backtest["summary"], "seconds"> };
  forecasts: ScoredForecast[];
} {
  const season = seasons[0] ?? 1;
  const scored = series.map((one) => score(one, seasons, season, horizon, forecaster));
  const done = scored.filter(({ forecast }) => forecast !== null);
  return {
    result: {
      schema: "headroom/backtest@1",
      season,
      horizon,
      series: scored.map(({ row }) => row),
      summary: {
        forecast: done.length,
        refused: scored.length - done.length,
        mase: mean(done.map(({ row }) => row.mase)),
        smape: mean(done.map(({ row }) => row.smape)),
        owa: owaOf(done),
        coverage95: mean(done.map(({ row }) => row.coverage95)),
      },
    },
    forecasts: scored.flatMap(({ row, forecast }) => (forecast ? [{ id: row.id, forecast }] : [])),
  };
}

function score(
  { id, history, actual }: HeldOut,
  seasons: readonly number[],
  season: number,
  horizon: number,
  forecaster: Forecaster,
): Scored {
  const scale = naiveScale(history, season);
  const yardstick = naive2(history, horizon, season);
  const reference = {
    mase: scale === null ? null : mase(actual, yardstick, scale),
    smape: smape(actual, yardstick),
  };
  const forecast = forecaster(history, horizon, seasons);
  if ("refused" in forecast) {
    const row = {
      id,
      method: `refused: ${forecast.refused}`,
      mase: null,
      smape: null,
      coverage95: null,
    };
    return { row, forecast: null, naive2: reference };
  }
  const mean = actual.map((_, step) => forecast.spread.at(0.5, step));
  const inside = actual.filter(
    (value, step) => value >= forecast.spread.at(LOW, step) && value <= forecast.spread.at(HIGH, step),
  );
  const row = {
    id,
    method: forecast.method,
    mase: scale === null ? null : mase(actual, mean, scale),
    smape: smape(actual, mean),
    coverage95: inside.length / actual.length,
  };
  return { row, forecast, naive2: reference };
}

/** Series first, then the ratio: as the M4 competition averages. */
function owaOf(scored: readonly Scored[]): number | null {
  const pairs: [number | null, number | null][] = [
    [mean(scored.map(({ row }) => row.mase)), mean(scored.map(({ naive2 }) => naive2.mase))],
    [mean(scored.map(({ row }) => row.smape)), mean(scored.map(({ naive2 }) => naive2.smape))],
  ];
  const ratios = pairs.map(([ours, theirs]) =>
    ours === null || theirs === null || theirs === 0 ? null : ours / theirs,
  );
  return ratios.includes(null) ? null : mean(ratios);
}

function mean(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
}
