import { quantileOfSorted } from "../../../stats/quantiles.ts";
import type { DailySeries } from "../daily-series.ts";
import type { Spread } from "../spread.ts";
import { type Holidays, NO_HOLIDAYS } from "./holidays.ts";
import { type Outlook, outlookOf } from "./outlook.ts";
import { type DemandPaths, pathsFor, simulateDeviations } from "./simulate.ts";

/** Days either side whose quantiles are averaged: what differs between neighbours is chance of the draw. */
const SMOOTHING = 3;

export interface Course {
  readonly outlook: Outlook;
  readonly spread: Spread;
  readonly paths: DemandPaths;
  /** What is expected of each day without its place in the calendar. */
  readonly levels: Float64Array;
}

export interface CourseOptions {
  /** Days between the history's last and the first that is wanted. */
  readonly skip?: number;
  /** Paths, at most. */
  readonly most?: number;
  readonly holidays?: Holidays;
}

/** The days ahead of a series as simulated paths, and their quantiles; the median is what is expected. */
export function courseOf(
  series: DailySeries,
  days: number,
  { skip = 0, most = Number.POSITIVE_INFINITY, holidays = NO_HOLIDAYS }: CourseOptions = {},
): Course {
  const reach = days + skip;
  const outlook = outlookOf(series, reach, holidays);
  const count = Math.min(pathsFor(reach), most);
  const deviations = simulateDeviations(outlook, reach, count);
  const { from } = outlook.measure;
  const values = new Float64Array(count * days);
  const sorted: Float64Array[] = [];
  for (let step = 0; step < reach; step++) {
    const ofDay = new Float64Array(count);
    for (let path = 0; path < count; path++) ofDay[path] = deviations[path * reach + step] as number;
    const centred = ofDay.slice().sort();
    const middle = quantileOfSorted(centred, 0.5);
    for (let path = 0; path < count; path++) centred[path] = (centred[path] as number) - middle;
    sorted.push(centred);
    if (step < skip) continue;
    const expected = (outlook.expected[step] as number) - middle;
    for (let path = 0; path < count; path++)
      values[path * days + step - skip] = from(expected + (ofDay[path] as number));
  }
  return {
    outlook,
    spread: { at: smoothed(outlook, sorted, skip) },
    paths: { count, days, values },
    levels: outlook.levels.map(from).subarray(skip),
  };
}

function smoothed(outlook: Outlook, sorted: readonly Float64Array[], skip: number): Spread["at"] {
  return (quantile, step) => {
    const day = step + skip;
    const either = Math.min(SMOOTHING, day, sorted.length - 1 - day);
    let sum = 0;
    for (let near = day - either; near <= day + either; near++)
      sum += quantileOfSorted(sorted[near] as Float64Array, quantile);
    return outlook.measure.from((outlook.expected[day] as number) + sum / (2 * either + 1));
  };
}
