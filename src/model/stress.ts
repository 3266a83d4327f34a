import { z } from "zod";
import { limitedShare } from "./rate-limit.ts";

/** What an ad hoc stress of one URL measured. */
export const Stress = z.object({
  schema: z.literal("headroom/stress@1"),
  url: z.string(),
  method: z.string(),
  startedAt: z.iso.datetime(),
  engine: z.object({ name: z.string(), version: z.string() }),
  connections: z.number().int().positive(),
  pipelining: z.number().int().positive(),
  workers: z.number().int().nonnegative(),
  /** Requests/s asked for; null: as many as the connections manage (closed model). */
  rate: z.number().positive().nullable(),
  durationMs: z.number().nonnegative(),
  interrupted: z.boolean(),
  requests: z.object({
    total: z.number().int().nonnegative(),
    perSecond: z.number().nonnegative(),
    /** Answers of 4xx and 5xx, and requests that got none. */
    failedRatio: z.number().min(0).max(1),
  }),
  bytesPerSecond: z.number().nonnegative(),
  latency: z.object({
    /** ms; null without a single answer. */
    mean: z.number().nullable(),
    p50: z.number().nullable(),
    p90: z.number().nullable(),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
    p999: z.number().nullable(),
    max: z.number().nullable(),
    /** What the histogram can tell apart, ms. */
    resolutionMs: z.number().positive(),
    /** Whether requests that were held up by slow ones before them count with the time they waited to be sent. */
    correctedForCoordinatedOmission: z.boolean(),
  }),
  statusCounts: z.array(z.object({ status: z.number().int(), count: z.number().int() })),
  /** Answers of a rate limiter; with worker threads only those of status 429 are seen. */
  rateLimited: z.number().int().nonnegative().optional(),
  errors: z.object({ connection: z.number().int(), timeout: z.number().int() }),
  perSecond: z.array(z.number()),
});
export type Stress = z.infer<typeof Stress>;

/** Answers/s that a rate limiter let pass, where it gave so many that nothing is said of the target; else null. */
export function limiterPassesIn({ rateLimited = 0, requests }: Stress): number | null {
  const share = limitedShare(rateLimited, requests.total);
  return share === null ? null : requests.perSecond * (1 - share);
}
