import type { Statistic } from "./criterion.ts";
import type { MetricRow } from "./metric-row.ts";

/** A statistic of a row, or null when a metric of its type has none or the grid does not hold the quantile. */
export function statisticOf(row: MetricRow, stat: Statistic, grid: readonly number[]): number | null {
  switch (stat.kind) {
    case "quantile":
      return row.quantiles?.[grid.indexOf(stat.q)] ?? null;
    case "avg":
    case "min":
    case "max":
      return row[stat.kind] ?? null;
    case "rate":
      return row.ratio ?? null;
    case "count":
      return row.count ?? row.samples;
    case "value":
    case "last":
      return row.value ?? null;
  }
}
