import { z } from "zod";

export const Tags = z.record(z.string(), z.string());

/** One metric under one set of tags; only the statistics that its type has. */
export const MetricRow = z.object({
  metric: z.string(),
  /** `name` is the endpoint, `phase` and `step` the kind of time; empty for the whole run. */
  tags: Tags,
  type: z.enum(["trend", "rate", "counter", "gauge"]),
  /** How many samples; for a counter whose samples k6 does not count, how much was counted. */
  samples: z.number().int().nonnegative(),
  /** Trends: in ms for times. */
  avg: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** Trends: exact quantiles at the fractions of quantileGrid. */
  quantiles: z.array(z.number()).optional(),
  /** Where the store keeps a histogram: between which values each quantile lies for sure. */
  quantileBounds: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** Rates: the share that was true (for http_req_failed: that failed). */
  ratio: z.number().min(0).max(1).optional(),
  /** Counters. */
  count: z.number().optional(),
  /** Gauges: the last value. */
  value: z.number().optional(),
});
export type MetricRow = z.infer<typeof MetricRow>;

/** Quantiles every trend keeps: fine where SLAs are written, and fine enough around for their intervals. */
export const QUANTILE_GRID: readonly number[] = (() => {
  const percents = new Set<number>();
  const add = (from: number, to: number, by: number) => {
    for (let index = 0; from + index * by <= to + 1e-9; index++)
      percents.add(Number((from + index * by).toFixed(3)));
  };
  add(0, 50, 5);
  add(50, 90, 1);
  add(90, 99, 0.25);
  add(99, 99.9, 0.1);
  for (const percent of [99.95, 99.99, 100]) percents.add(percent);
  return [...percents].sort((a, b) => a - b).map((percent) => Number((percent / 100).toFixed(6)));
})();

/** The grid in words, for who asks for another percentile. */
export const KEPT_QUANTILES = "whole percents from 50, quarters from 90, tenths from 99, p99.95 and p99.99";

/** The row of a metric whose tags are exactly these, or null. */
export function findRow(
  rows: readonly MetricRow[],
  metric: string,
  wanted: Readonly<Record<string, string>>,
): MetricRow | null {
  const keys = Object.keys(wanted);
  const found = rows.find(
    (row) =>
      row.metric === metric &&
      Object.keys(row.tags).length === keys.length &&
      keys.every((key) => row.tags[key] === wanted[key]),
  );
  return found ?? null;
}
