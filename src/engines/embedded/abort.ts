import { type ClientCriterion, holds } from "../../model/criterion.ts";
import { findRow, type MetricRow, QUANTILE_GRID } from "../../model/metric-row.ts";
import { tagsOf } from "../../model/selector.ts";
import { statisticOf } from "../../model/statistic-of.ts";

/** The first criterion that may stop the run by now and is broken by what was measured so far, or null. */
export function findBroken(
  criteria: readonly ClientCriterion[],
  elapsedMs: number,
  measure: () => readonly MetricRow[],
): ClientCriterion | null {
  const due = criteria.filter(({ abortAfterMs }) => abortAfterMs !== null && elapsedMs >= abortAfterMs);
  if (due.length === 0) return null;
  const rows = measure();
  return due.find((criterion) => isBroken(criterion, rows)) ?? null;
}

function isBroken(criterion: ClientCriterion, rows: readonly MetricRow[]): boolean {
  const row = findRow(rows, criterion.metric, tagsOf(criterion));
  const observed = row && row.samples > 0 ? statisticOf(row, criterion.stat, QUANTILE_GRID) : null;
  return observed !== null && !holds(criterion.bound, observed);
}
