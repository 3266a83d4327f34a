import { z } from "zod";

const Interval = z.object({ low: z.number(), high: z.number() });

/** What one instance of a system was measured to take. */
export const Capacity = z.object({
  schema: z.literal("headroom/capacity@1"),
  system: z.string(),
  /** Instances that served the load together. */
  instances: z.number().int().positive(),
  /** Highest rate of all instances together that holds the SLA, requests/s. */
  maxRatePerSecond: z.object({
    low: z.number().nonnegative(),
    mid: z.number().nonnegative(),
    high: z.number().nonnegative(),
  }),
  /** What broke first. */
  limitedBy: z.string(),
  usl: z.union([
    z.object({
      alpha: z.number(),
      beta: z.number(),
      gamma: z.number(),
      peakConcurrency: z.number().nullable(),
      intervals: z.record(z.string(), Interval),
    }),
    z.object({ refused: z.string() }),
  ]),
  steps: z.array(
    z.object({
      offered: z.number(),
      achieved: z.number(),
      p95Ms: z.number().nullable(),
      errorRatio: z.number().nullable(),
      concurrency: z.number().nullable(),
      valid: z.boolean(),
    }),
  ),
});
export type Capacity = z.infer<typeof Capacity>;
