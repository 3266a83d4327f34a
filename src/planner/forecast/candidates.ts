import type { Method } from "./method.ts";
import { seasonalSmoothing } from "./methods/double-seasonal.ts";
import { lagRegression } from "./methods/lag-regression.ts";
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
};
