import { z } from "zod";
import { decimal } from "./series.ts";

/** Samples counted by value; buckets are disjoint and ascending, bounds in the metric's unit. */
export interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

export interface HistogramSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly Bucket[];
}

const number = z.string().transform(decimal).pipe(z.number());
const Answer = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("vector"),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        /** Absent where the series holds plain numbers. */
        histogram: z
          .tuple([
            z.number(),
            z.object({
              count: number,
              sum: number,
              /** Which bounds are part of the bucket, lower bound, upper bound, count. */
              buckets: z.array(z.tuple([z.number(), number, number, number])).default([]),
            }),
          ])
          .optional(),
      }),
    ),
  }),
});

/**
 * Native histograms of an instant query's answer; series that hold plain numbers are left out. Null when it is
 * something else. Source: Prometheus HTTP API, "Native histograms".
 */
export function parseHistograms(body: unknown): HistogramSeries[] | null {
  const parsed = Answer.safeParse(body);
  if (!parsed.success) return null;
  return parsed.data.data.result.flatMap(({ metric, histogram }) => {
    if (histogram === undefined) return [];
    const { count, sum, buckets } = histogram[1];
    const sorted = buckets
      .map(([, low, high, inside]) => ({ low, high, count: inside }))
      .sort((a, b) => a.low - b.low);
    return [{ labels: metric, count, sum, buckets: sorted }];
  });
}
