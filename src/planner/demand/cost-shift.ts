import { median } from "simple-statistics";
import { DAY_MS, dayName, type Grid } from "./busy-hour.ts";
import { findLevelShift } from "./level-shift.ts";
import { inferServiceDemand, type ServiceDemand } from "./service-demand.ts";

/** Share of a day's points, the busiest, whose cost is the day's. */
const BUSIEST = 0.25;
const LEAST_POINTS = 4;

export interface CurrentCost extends ServiceDemand {
  /** When a change made what came before worthless, and by what factor; null: the cost was steady. */
  readonly shift: { readonly day: string; readonly factor: number } | null;
}

/**
 * Usage over demand as it is now: a deployment that changed what a request costs is found in the daily costs, and only
 * what came after it counts. A request that has become twice as dear halves what an instance takes.
 */
export function currentCost(usage: Grid, demand: Grid): CurrentCost | { readonly refused: string } {
  const costs = dailyCosts(usage, demand);
  const shift = findLevelShift(costs);
  if (shift === null) {
    const cost = inferServiceDemand(usage, demand);
    return "refused" in cost ? cost : { ...cost, shift: null };
  }
  const day = costs.days[shift.at] as number;
  const after = ({ startMs, stepMs, values }: Grid): Grid => ({
    startMs,
    stepMs,
    values: values.map((value, index) => (startMs + index * stepMs < day * DAY_MS ? null : value)),
  });
  const cost = inferServiceDemand(after(usage), after(demand));
  return "refused" in cost ? cost : { ...cost, shift: { day: dayName(day), factor: shift.factor } };
}

function dailyCosts(usage: Grid, demand: Grid): { days: number[]; values: number[] } {
  const byDay = new Map<number, { level: number; used: number }[]>();
  demand.values.forEach((level, index) => {
    const used = usage.values[index];
    if (level === null || !(level > 0) || used === null || used === undefined || !(used > 0)) return;
    const day = Math.floor((demand.startMs + index * demand.stepMs) / DAY_MS);
    const points = byDay.get(day);
    if (points) points.push({ level, used });
    else byDay.set(day, [{ level, used }]);
  });
  const costs = [...byDay]
    .filter(([, points]) => points.length >= LEAST_POINTS)
    .map(([day, points]): [number, number] => {
      const busiest = points
        .sort((a, b) => b.level - a.level)
        .slice(0, Math.max(LEAST_POINTS, Math.ceil(points.length * BUSIEST)));
      return [day, median(busiest.map(({ level, used }) => used / level))];
    });
  return { days: costs.map(([day]) => day), values: costs.map(([, cost]) => cost) };
}
