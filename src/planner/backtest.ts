import type { Backtest, BacktestedSeries } from "../model/backtest.ts";
import { detectSeason } from "./forecast/detect-season.ts";
import { type Forecast, forecastSeries } from "./forecast/forecast.ts";
import { naive2 } from "./forecast/naive2.ts";
import { mase, naiveScale, smape } from "./forecast/score.ts";

/** Ends of the 95% interval. */
export const [LOW, HIGH] = [0.025, 0.975];

export interface HeldOut {
  readonly id: string;
  readonly history: Float64Array;
  readonly actual: Float64Array;
}

export interface ScoredForecast {
  readonly id: string;
  readonly forecast: Forecast;
}

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
): {
  result: Omit<Backtest, "summary"> & { summary: Omit<Backtest["summary"], "seconds"> };
  forecasts: ScoredForecast[];
} {
  const season = seasons[0] ?? 1;
  const scored = series.map((one) => score(one, seasons, season, horizon));
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
): Scored {
  const found = seasons.length > 0 ? seasons : [detectSeason(history)].filter((one) => one !== null);
  const scale = naiveScale(history, season);
  const yardstick = naive2(history, horizon, season);
  const reference = {
    mase: scale === null ? null : mase(actual, yardstick, scale),
    smape: smape(actual, yardstick),
  };
  const forecast = forecastSeries(history, horizon, { seasons: found });
  if (forecast === null) {
    const row = {
      id,
      method: `refused: ${history.length} points are too few`,
      mase: null,
      smape: null,
      coverage95: null,
    };
    return { row, forecast, naive2: reference };
  }
  const inside = actual.filter(
    (value, step) => value >= forecast.spread.at(LOW, step) && value <= forecast.spread.at(HIGH, step),
  );
  const row = {
    id,
    method: `median of ${forecast.methods.join(", ")}`,
    mase: scale === null ? null : mase(actual, forecast.mean, scale),
    smape: smape(actual, forecast.mean),
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
