import type { Objective, OperatorsAlert } from "../model/alerting.ts";
import { parseQuantity } from "../model/unit.ts";
import { requirePromql } from "./promql-entry.ts";
import type { Report } from "./report.ts";
import type { ThresholdsWire as Wire } from "./thresholds-schema.ts";

/** One entry of `alerts`; `criteria` are the ids of the server criteria it may stand for. */
export function toAlert(
  entry: Wire["alerts"][number],
  at: PropertyKey[],
  criteria: ReadonlySet<string>,
  report: Report,
): OperatorsAlert {
  requirePromql(entry.expr, [...at, "expr"], report);
  if (entry.replaces !== undefined && !criteria.has(entry.replaces))
    report(
      [...at, "replaces"],
      `there is no server criterion "${entry.replaces}"`,
      `Use one of: ${[...criteria].join(", ") || "none yet"}`,
    );
  return {
    alert: entry.alert,
    expr: entry.expr,
    for: entry.for ?? null,
    severity: entry.severity,
    labels: entry.labels ?? {},
    summary: entry.summary,
    replaces: entry.replaces ?? null,
    why: entry.why,
  };
}

/** One entry of `objectives`. */
export function toObjective(entry: Wire["objectives"][number], at: PropertyKey[], report: Report): Objective {
  requirePromql(entry.bad, [...at, "bad"], report);
  if (!entry.bad.includes("$window"))
    report(
      [...at, "bad"],
      "has no $window",
      "A burn rate is seen over several windows: write rate(…[$window])",
    );
  const objective = parseQuantity(entry.objective, "ratio");
  if (objective === null || objective <= 0.5 || objective >= 1)
    report([...at, "objective"], `${JSON.stringify(entry.objective)} is no objective`, "Write it like 99.9%");
  return { id: entry.id, objective: objective ?? 0.999, bad: entry.bad, why: entry.why };
}
