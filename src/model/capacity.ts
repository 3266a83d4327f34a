import { z } from "zod";

const Interval = z.object({ low: z.number(), high: z.number() });

/** Throughput of a system at a concurrency. */
export interface LoadPoint {
  readonly concurrency: number;
  readonly throughput: number;
}

/** X(N) = γN / (1 + α(N − 1) + βN(N − 1)) (Gunther, Universal Scalability Law). */
export const throughputAt = (
  { alpha, beta, gamma }: { readonly alpha: number; readonly beta: number; readonly gamma: number },
  n: number,
): number => (gamma * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));

/** Throughput at the concurrency of every step that held: one that broke has no steady state to speak of. */
export function pointsOf(
  steps: readonly {
    readonly holds: boolean | null;
    readonly concurrency: number | null;
    readonly achieved: number;
  }[],
): LoadPoint[] {
  return steps.flatMap(({ holds, concurrency, achieved }) =>
    holds === true && concurrency !== null && concurrency > 0 && achieved > 0
      ? [{ concurrency, throughput: achieved }]
      : [],
  );
}

/** What one instance of a system was measured to take. */
export const Capacity = z.object({
  schema: z.literal("headroom/capacity@1"),
  system: z.string(),
  measuredAt: z.iso.datetime(),
  engine: z.object({ name: z.string(), version: z.string() }).nullable(),
  /** Instances that served the load together. */
  instances: z.number().int().positive(),
  /** Highest rate of all instances together that holds the SLA, requests/s; `bound` says which ends are known. */
  maxRatePerSecond: z.object({
    low: z.number().nonnegative(),
    mid: z.number().nonnegative(),
    high: z.number().nonnegative(),
  }),
  /** `at-least`: only `low` is known, the others repeat it. `less-than`: only `high`. `none`: nothing is, all are 0. */
  bound: z.enum(["both", "at-least", "less-than", "none"]).optional(),
  /** Whether both ends were seen often enough within the precision asked for. */
  settled: z.boolean(),
  /** Criteria that were held. */
  sla: z.array(z.string()),
  /** Their limits, in the metric's unit. */
  limits: z
    .array(z.object({ id: z.string(), metric: z.string(), stat: z.string(), limit: z.number() }))
    .default([]),
  /** What broke first. */
  limitedBy: z.string(),
  /** Where that is a rate limiter: the answers/s that it let pass. */
  limiter: z.object({ passesPerSecond: z.number().nonnegative() }).optional(),
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
      /** False: the step says nothing of the target; `reason` says why. */
      valid: z.boolean(),
      /** null: not valid. */
      holds: z.boolean().nullable(),
      /** What broke, or why the step says nothing: not settled or too few samples within its time, or no test of the target. */
      reason: z
        .enum(["latency", "errors", "throughput", "unsettled", "samples", "mix", "generator", "rate-limiter"])
        .nullable()
        .optional(),
      brokenBy: z.string().nullable(),
      /** The rate that the target takes at least or at most, by this step alone, requests/s. */
      atLeast: z.number().nullable().optional(),
      atMost: z.number().nullable().optional(),
      /** Requests that were due while the step was watched. */
      watched: z.number().nonnegative().optional(),
    }),
  ),
});
export type Capacity = z.infer<typeof Capacity>;
