import { median, quantileSorted } from "simple-statistics";
import type { Grid } from "./busy-hour.ts";

/** Share of the points, the busiest, that count: where idle work is least of the total. */
const BUSIEST = 0.25;
const LEAST_POINTS = 24;

/** What one unit of demand costs of a resource, such as CPU seconds per request. */
export interface ServiceDemand {
  readonly value: number;
  /** Middle 80% of the points. */
  readonly low: number;
  readonly high: number;
  readonly points: number;
}

/**
 * Usage over demand at the busiest quarter of the points: the utilisation law, U = X·D. Autoscaling does not change
 * it, as it does a CPU percentage.
 */
export function inferServiceDemand(usage: Grid, demand: Grid): ServiceDemand | { readonly refused: string } {
  const pairs = demand.values.flatMap((level, index) => {
    const used = usage.values[index];
    return level !== null && level > 0 && used !== null && used !== undefined ? [{ level, used }] : [];
  });
  if (pairs.length < LEAST_POINTS / BUSIEST)
    return { refused: `only ${pairs.length} points have both usage and demand` };
  pairs.sort((a, b) => b.level - a.level);
  const ratios = pairs
    .slice(0, Math.ceil(pairs.length * BUSIEST))
    .map(({ level, used }) => used / level)
    .sort((a, b) => a - b);
  const value = median(ratios);
  if (!(value > 0)) return { refused: "the usage is zero at the busiest hours" };
  return {
    value,
    low: quantileSorted(ratios, 0.1),
    high: quantileSorted(ratios, 0.9),
    points: ratios.length,
  };
}
