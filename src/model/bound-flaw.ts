import type { Bound, Statistic } from "./criterion.ts";
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

/** k6's own metrics by type; of a metric of the user's own nothing is known before the run. */
const KINDS: Readonly<Record<string, Kind>> = {
  ...ofKind("trend", [
    "http_req_duration",
    "http_req_waiting",
    "http_req_blocked",
    "http_req_connecting",
    "http_req_tls_handshaking",
    "http_req_sending",
    "http_req_receiving",
    "iteration_duration",
    "group_duration",
  ]),
  ...ofKind("rate", ["http_req_failed", "checks"]),
  ...ofKind("counter", ["http_reqs", "iterations", "dropped_iterations", "data_sent", "data_received"]),
  ...ofKind("gauge", ["vus", "vus_max"]),
};

function ofKind(kind: Kind, metrics: readonly string[]): Record<string, Kind> {
  return Object.fromEntries(metrics.map((metric) => [metric, kind]));
}

const STATISTICS: Record<Kind, readonly Statistic["kind"][]> = {
  trend: ["quantile", "avg", "min", "max", "count"],
  rate: ["rate"],
  counter: ["rate", "count"],
  gauge: ["value", "min", "max"],
};

/** The statistics that a metric has, where it is known and lacks this one; else null. */
export function lackedStatistic(metric: string, { kind }: Statistic): readonly string[] | null {
  const known = KINDS[metric];
  if (known === undefined || STATISTICS[known].includes(kind)) return null;
  return STATISTICS[known].map((each) => (each === "quantile" ? "p95 (any percentile)" : each));
}
