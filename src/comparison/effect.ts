import type { Interval } from "../model/interval.ts";
import { studentQuantile } from "../stats/student-t.ts";
import type { Measure } from "./measure.ts";

/** A difference of means on the scale of the measures. */
export interface Effect {
  readonly difference: number;
  readonly interval: Interval;
}

const ALPHA = 0.05;

/**
 * Candidate less baseline. Its variance is that within the runs and, where a side has several, that between runs (one
 * machine's bad minute), estimated as one-way random effects: what the runs' means vary more than their own spread says.
 *
 * @param together how many effects are judged at once; the intervals hold all true values with 95% confidence
 *   (Bonferroni)
 */
export function effectOf(
  baseline: readonly Measure[],
  candidate: readonly Measure[],
  together: number,
): Effect {
  const [before, now] = [summarise(baseline), summarise(candidate)];
  const freedom = baseline.length + candidate.length - 2;
  const within = (before.within * baseline.length + now.within * candidate.length) / (freedom + 2);
  const between = freedom > 0 ? Math.max(0, (before.squares + now.squares) / freedom - within) : 0;
  const variance = (before.within + between) / baseline.length + (now.within + between) / candidate.length;
  const degrees = [...baseline, ...candidate].reduce((sum, { degrees }) => sum + degrees, 0);
  const reach = studentQuantile(1 - ALPHA / 2 / together, degrees) * Math.sqrt(variance);
  const difference = now.mean - before.mean;
  return { difference, interval: { low: difference - reach, high: difference + reach } };
}

function summarise(measures: readonly Measure[]) {
  const mean = average(measures.map(({ value }) => value));
  return {
    mean,
    /** Mean variance inside a run. */
    within: average(measures.map(({ standardError }) => standardError ** 2)),
    squares: measures.reduce((sum, { value }) => sum + (value - mean) ** 2, 0),
  };
}

export const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
