import { type ClientCriterion, formatStatistic, holds } from "../model/criterion.ts";
import { findRow } from "../model/metric-row.ts";
import { statisticOf } from "../model/statistic-of.ts";
import { formatQuantity, unitOfMetric } from "../model/unit.ts";
import { samplesNeeded } from "../stats/quantile-interval.ts";
import type { Measured } from "./step.ts";

/** Criteria a step can be judged by. */
export function slaOf(criteria: readonly ClientCriterion[]): ClientCriterion[] {
  return criteria.filter(
    ({ metric, severity, phase, stat }) =>
      severity === "gate" &&
      (phase === null || phase === "steady") &&
      (metric === "http_req_duration" || (metric === "http_req_failed" && stat.kind === "rate")),
  );
}

/** How a criterion fared in a step. */
export interface Kept {
  readonly status: "holds" | "broken" | "unknown";
  readonly what: "latency" | "errors";
  readonly text: string;
  /** What was seen, as a share of the limit; Infinity where nothing is allowed and something was seen. */
  readonly ofLimit: number;
}

export function keptOf(
  run: Measured,
  criterion: ClientCriterion,
  tags: Readonly<Record<string, string>>,
): Kept {
  const { stat, bound, id } = criterion;
  const what = criterion.metric === "http_req_failed" ? "errors" : "latency";
  const row = findRow(run.metrics, criterion.metric, { ...criterion.tags, ...tags });
  const value = row === null ? null : statisticOf(row, stat, run.quantileGrid);
  const needed = stat.kind === "quantile" ? samplesNeeded(stat.q) : 1;
  if (row === null || value === null || row.samples < needed)
    return {
      status: "unknown",
      what,
      ofLimit: 0,
      text: `too few samples for ${id}: ${row?.samples ?? 0} of ${needed}`,
    };
  const unit = unitOfMetric(criterion.metric, formatStatistic(stat));
  return {
    status: holds(bound, value) ? "holds" : "broken",
    what,
    ofLimit: value === 0 ? 0 : value / bound.value,
    text: `${what}: ${id} ${formatQuantity(value, unit)} against ${formatQuantity(bound.value, unit)}`,
  };
}
