import type { ServerCriterion } from "../model/criterion.ts";
import { findQueryFlaw } from "../prometheus/query-flaw.ts";
import { toBound, toStatistic } from "./bound-entry.ts";
import { requirePromql } from "./promql-entry.ts";
import type { Report } from "./report.ts";
import type { ThresholdsWire as Wire } from "./thresholds-schema.ts";

/** A criterion on what Prometheus saw. */
export function toServer(entry: Wire["server"][number], at: PropertyKey[], report: Report): ServerCriterion {
  reportQuery(entry.query, at, report);
  return {
    kind: "server",
    id: entry.id,
    query: entry.query,
    unit: entry.unit,
    stat: toStatistic(entry.stat, ["rate", "count", "value"], at, report),
    bound: toBound(entry, entry.unit, at, report),
    severity: entry.severity,
    shapes: entry.shapes ?? null,
    why: entry.why,
  };
}

function reportQuery(query: string, at: PropertyKey[], report: Report): void {
  const path = [...at, "query"];
  const flaw = requirePromql(query, path, report) ? findQueryFlaw(query) : null;
  if (flaw?.kind === "constant")
    report(path, "the query reads no metric: its value is the same in every run", "Name a metric");
  if (flaw?.kind === "counter-without-rate")
    report(
      path,
      `${flaw.metric} is a counter: its value counts since the process began`,
      `Write rate(${flaw.metric}[1m]) or increase(${flaw.metric}[$window]); of a gauge with such a name, max_over_time`,
    );
}
