import { z } from "zod";

export const Tags = z.record(z.string(), z.string());

/** One metric under one set of tags; only the statistics that its type has. */
export const MetricRow = z.object({
  metric: z.string().describe("k6's name of the metric, built in or the script's own."),
  tags: Tags.describe(
    "Tags of the samples: `name` is the endpoint, `phase` and `step` the kind of time; empty: all of the run.",
  ),
  type: z
    .enum(["trend", "rate", "counter", "gauge"])
    .describe("k6's type of the metric; it says which statistics there are."),
  samples: z.number().int().nonnegative().describe("How many samples; of a counter, how much was counted."),
  avg: z.number().optional().describe("Trends: the mean; in ms for times."),
  min: z.number().optional().describe("Trends: the least; in ms for times."),
  max: z.number().optional().describe("Trends: the greatest; in ms for times."),
  quantiles: z
    .array(z.number())
    .optional()
    .describe(
      "Trends: quantiles at the fractions of quantileGrid, ms for times; exact from k6, else read from a histogram.",
    ),
  quantileBounds: z
    .array(z.tuple([z.number(), z.number()]))
    .optional()
    .describe("Several generators: the bucket's bounds, between which each quantile lies for sure; ms."),
  ratio: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Rates: the share that was true (for http_req_failed: that failed), 0 to 1."),
  count: z.number().optional().describe("Counters: the total."),
  value: z.number().optional().describe("Gauges: the last value."),
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
