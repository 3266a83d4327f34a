import { parseStatistic, type RegressionCriterion } from "../model/criterion.ts";
import { parseQuantity } from "../model/unit.ts";
import type { Report } from "./report.ts";
import type { ThresholdsWire } from "./thresholds-schema.ts";

/** Quantiles whose course over the run is recorded. */
const COMPARED_QUANTILES = [0.5, 0.95, 0.99];

/** One entry of `regression`; what is wrong with it is reported. */
export function toRegression(
  entry: ThresholdsWire["regression"][number],
  at: PropertyKey[],
  report: Report,
): RegressionCriterion {
  const isTime = entry.metric === "http_req_duration";
  const stat = parseStatistic(entry.stat);
  const fits = isTime
    ? stat?.kind === "quantile" && COMPARED_QUANTILES.includes(stat.q)
    : stat?.kind === "rate";
  if (!fits)
    report(
      [...at, "stat"],
      `"${entry.stat}" of ${entry.metric} cannot be compared`,
      isTime ? "Use p50, p95 or p99: their course over the run is recorded" : "Use rate",
    );
  const worse = /%$/.test(entry.worse) ? parseQuantity(entry.worse, "ratio") : null;
  if (worse === null || worse <= 0)
    report([...at, "worse"], `${JSON.stringify(entry.worse)} is no change`, "Write it like 5%");
  const byMs = entry.by === undefined ? (isTime ? 1 : 0) : parseQuantity(entry.by, "ms");
  if (byMs === null || byMs < 0 || (entry.by !== undefined && !isTime))
    report([...at, "by"], `${JSON.stringify(entry.by)} is no time`, "Write it like 5ms, of durations only");
  return {
    kind: "regression",
    id: entry.id,
    metric: entry.metric,
    endpoint: entry.endpoint ?? null,
    phase: (entry.phase ?? null) as RegressionCriterion["phase"],
    stat: stat ?? { kind: "rate" },
    worse: worse ?? 0,
    byMs: byMs ?? 0,
    severity: entry.severity,
    shapes: entry.shapes ?? null,
    why: entry.why,
  };
}
