import { z } from "zod";

const Interval = z.object({ low: z.number(), high: z.number() });

/** What one instance of a system was measured to take. */
export const Capacity = z.object({
  schema: z.literal("headroom/capacity@1"),
  system: z.string(),
  measuredAt: z.iso.datetime(),
  engine: z.object({ name: z.string(), version: z.string() }).nullable(),
  /** Instances that served the load together. */
  instances: z.number().int().positive(),
  /** Highest rate of all instances together that holds the SLA, requests/s. */
  maxRatePerSecond: z.object({
    low: z.number().nonnegative(),
    mid: z.number().nonnegative(),
    high: z.number().nonnegative(),
  }),
  /** Whether both ends were seen often enough within the precision asked for. */
  settled: z.boolean(),
  /** Criteria that were held. */
  sla: z.array(z.string()),
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
      /** Answers/s once the step had settled; below what was achieved where a queue grew. */
      sustained: z.number().nullable(),
      meanMs: z.number().nullable(),
      p95Ms: z.number().nullable(),
      errorRatio: z.number().nullable(),
      concurrency: z.number().nullable(),
      /** False: the step says nothing of the target, because the generator was at its limit or samples were too few. */
      valid: z.boolean(),
      /** null: not valid. */
      holds: z.boolean().nullable(),
      brokenBy: z.string().nullable(),
    }),
  ),
});
export type Capacity = z.infer<typeof Capacity>;
