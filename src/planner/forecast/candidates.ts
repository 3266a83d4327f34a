import type { Method } from "./method.ts";
import { seasonalSmoothing } from "./methods/double-seasonal.ts";
import { lagRegression, manyLagRegression } from "./methods/lag-regression.ts";
import { drift, naive, seasonalNaive } from "./methods/naive.ts";
import { dampedHolt, ses, theta } from "./methods/smoothing.ts";
import { theilSenLine } from "./methods/trend-line.ts";

/** The same method on logarithms: multiplicative where the method is additive. Positive series only. */
export function onLogarithms(method: Method): Method {
  return (history, horizon, shape) => {
    if (!history.every((value) => value > 0)) return null;
    return method(history.map(Math.log), horizon, shape)?.map(Math.exp) ?? null;
  };
}

/** The method on the changes over a lag, added up again: for levels that do not return to where they were. */
export function onChanges(method: Method, lagOf: (seasons: readonly number[]) => number | undefined): Method {
  return (history, horizon, shape) => {
    const lag = lagOf(shape.seasons);
    if (lag === undefined || history.length < LEAST_LAGS * lag + LEAST_CHANGES) return null;
    const changes = history.slice(lag).map((value, at) => value - (history[at] as number));
    const ahead = method(changes, horizon, shape);
    if (ahead === null) return null;
    const path = new Float64Array(history.length + horizon);
    path.set(history);
    ahead.forEach((change, step) => {
      const at = history.length + step;
      path[at] = (path[at - lag] as number) + change;
    });
    return path.slice(history.length);
  };
}

/** Histories of fewer lags, or fewer points, have too few changes to learn from. */
const [LEAST_LAGS, LEAST_CHANGES] = [3, 20];

/** The same method told of the shortest season only. */
function withShortestSeason(method: Method): Method {
  return (history, horizon, { seasons }) =>
    seasons.length < 2 ? null : method(history, horizon, { seasons: seasons.slice(0, 1) });
}

/** Every method in the race; adding one is a file and a line. */
export const candidates: Readonly<Record<string, Method>> = {
  naive,
  "seasonal-naive": seasonalNaive(0),
  "seasonal-naive-long": seasonalNaive(1),
  drift,
  "theil-sen": theilSenLine,
  ses,
  "damped-holt": dampedHolt,
  theta,
  "seasonal-smoothing": seasonalSmoothing,
  "seasonal-smoothing-log": onLogarithms(seasonalSmoothing),
  "short-seasonal-smoothing": withShortestSeason(seasonalSmoothing),
  "short-seasonal-smoothing-log": withShortestSeason(onLogarithms(seasonalSmoothing)),
  "lag-regression": lagRegression,
  "lag-regression-log": onLogarithms(lagRegression),
  "many-lag-regression": manyLagRegression,
  "many-lag-regression-log": onLogarithms(manyLagRegression),
  "many-lag-regression-of-changes": onChanges(manyLagRegression, () => 1),
  "many-lag-regression-of-changes-log": onLogarithms(onChanges(manyLagRegression, () => 1)),
  "many-lag-regression-of-seasonal-changes-log": onLogarithms(
    onChanges(manyLagRegression, (seasons) => seasons[0]),
  ),
};
