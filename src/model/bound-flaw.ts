import type { Bound, Statistic } from "./criterion.ts";
import { COUNTERS, GAUGES, RATES, TRENDS } from "./k6-metrics.ts";
import type { Unit } from "./unit.ts";

/** Why a bound decides nothing: no value breaks it, none holds it, or it is no value that there can be. */
export type BoundFlaw = "never-broken" | "never-held" | "no-ratio";

/** Between which values anything measured in a unit lies. A plain number may be anything. */
function domainOf(unit: Unit): { least: number; most: number } {
  if (unit === "number") return { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  return { least: 0, most: unit === "ratio" ? 1 : Number.POSITIVE_INFINITY };
}

/** A bound that cannot decide is no criterion: `max: 100%` of failures holds whatever happens. */
export function findBoundFlaw({ operator, value }: Bound, unit: Unit): BoundFlaw | null {
  const { least, most } = domainOf(unit);
  if (unit === "ratio" && (value < 0 || value > 1)) return "no-ratio";
  switch (operator) {
    case "<=":
      return value >= most ? "never-broken" : value < least ? "never-held" : null;
    case "<":
      return value > most ? "never-broken" : value <= least ? "never-held" : null;
    case ">=":
      return value <= least ? "never-broken" : value > most ? "never-held" : null;
    case ">":
      return value < least ? "never-broken" : value >= most ? "never-held" : null;
  }
}

type Kind = "trend" | "rate" | "counter" | "gauge";

/** Of a metric of the user's own nothing is known before the run. */
function kindOf(metric: string): Kind | null {
  if (TRENDS.includes(metric)) return "trend";
  if (RATES.includes(metric)) return "rate";
  if (COUNTERS.includes(metric)) return "counter";
  return GAUGES.includes(metric) ? "gauge" : null;
}

const STATISTICS: Record<Kind, readonly Statistic["kind"][]> = {
  trend: ["quantile", "avg", "min", "max", "count"],
  rate: ["rate"],
  counter: ["rate", "count"],
  gauge: ["value", "min", "max"],
};

/** The statistics that a metric has, where it is known and lacks this one; else null. */
export function lackedStatistic(metric: string, { kind }: Statistic): readonly string[] | null {
  const known = kindOf(metric);
  if (known === null || STATISTICS[known].includes(kind)) return null;
  return STATISTICS[known].map((each) => (each === "quantile" ? "p95 (any percentile)" : each));
}
