import type { Unit } from "../../model/unit.ts";
import { quantileOfSorted } from "../../stats/quantiles.ts";
import type { DemandPaths } from "../forecast/daily/simulate.ts";

/**
 * The highest that a demand has been since the horizon began, by day: index 0 is the day of the history's end. Quantiles
 * over simulated paths; they never fall, because what was needed once must be there. The first day on which p90 passes a
 * limit is the day by which one path in ten has passed it.
 */
export interface DemandPath {
  readonly signal: string;
  readonly unit: Unit;
  readonly firstDay: number;
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
  /** The highest of the whole horizon, path by path; path i of one demand belongs to path i of another. */
  readonly highest: Float64Array;
  /** The simulated courses themselves, day by day. */
  readonly paths: DemandPaths;
  /** The worst incident that was left out, and the level if it came on the horizon's last day; null: there was none. */
  readonly worst: { readonly day: number; readonly change: number; readonly level: number } | null;
  /** What the operators' rule expects at the horizon, or null. */
  readonly operators: number | null;
}

export function pathOf(
  given: Pick<DemandPath, "signal" | "unit" | "firstDay" | "operators" | "worst">,
  paths: DemandPaths,
): DemandPath {
  const { count, days, values } = paths;
  const highest = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const [p10, p50, p90] = [new Float64Array(days), new Float64Array(days), new Float64Array(days)];
  for (let day = 0; day < days; day++) {
    for (let path = 0; path < count; path++)
      highest[path] = Math.max(highest[path] as number, values[path * days + day] as number);
    const sorted = Float64Array.from(highest).sort();
    p10[day] = quantileOfSorted(sorted, 0.1);
    p50[day] = quantileOfSorted(sorted, 0.5);
    p90[day] = quantileOfSorted(sorted, 0.9);
  }
  return { ...given, p10, p50, p90, highest, paths };
}
