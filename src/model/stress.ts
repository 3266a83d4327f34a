import { z } from "zod";
import { REDIRECTS } from "../../scenarios/lib/redirects.ts";
import { isSaturated, stallOf } from "./generator-limits.ts";
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
  generator: z
    .object({
      cores: z.number().positive(),
      cpu: z.array(z.number().nonnegative()).describe("Share of its cores that it used, a value a second."),
      stalledMs: z.number().nonnegative().describe("The longest time in which it stood still itself."),
      exhausted: z
        .array(z.object({ kind: z.string(), count: z.number().int() }))
        .describe("Requests that never left: no open file, no port."),
    })
    .optional(),
  errors: z.object({ connection: z.number().int(), timeout: z.number().int() }),
  perSecond: z.array(z.number()),
});
export type Stress = z.infer<typeof Stress>;

/** Answers/s that a rate limiter let pass, where it gave so many that nothing is said of the target; else null. */
export function limiterPassesIn({ rateLimited = 0, requests }: Stress): number | null {
  const share = limitedShare(rateLimited, requests.total);
  return share === null ? null : requests.perSecond * (1 - share);
}

/** Why a stress says nothing of its target, or less than it seems to. */
export type StressFlaw =
  | { readonly kind: "rate-limited"; readonly passesPerSecond: number }
  | { readonly kind: "generator-exhausted"; readonly what: string; readonly count: number }
  | { readonly kind: "generator-stalled"; readonly stalledMs: number }
  | { readonly kind: "generator-saturated" }
  | { readonly kind: "rate-not-delivered"; readonly perSecond: number; readonly rate: number }
  | { readonly kind: "silent"; readonly seconds: number }
  | { readonly kind: "redirected"; readonly share: number };

/** Fewer requests than this share that never left, or that were redirected, change nothing; nor does so much of the rate. */
const WEIGHS = { exhausted: 0.001, redirected: 0.01, delivered: 0.95, silentSeconds: 2 };

/** What the gate would call a reason; as fast as it goes a generator is at its limit by intention. */
export function stressFlaws(stress: Stress): StressFlaw[] {
  const { generator, rate, requests, statusCounts } = stress;
  const flaws: StressFlaw[] = [];
  const passesPerSecond = limiterPassesIn(stress);
  if (passesPerSecond !== null) flaws.push({ kind: "rate-limited", passesPerSecond });
  for (const { kind, count } of generator?.exhausted ?? [])
    if (count > WEIGHS.exhausted * requests.total)
      flaws.push({ kind: "generator-exhausted", what: kind, count });
  const stalledMs = generator === undefined ? null : stallOf(generator);
  if (stalledMs !== null) flaws.push({ kind: "generator-stalled", stalledMs });
  if (rate !== null && generator !== undefined && isSaturated(generator.cpu))
    flaws.push({ kind: "generator-saturated" });
  if (rate !== null && !stress.interrupted && requests.perSecond < WEIGHS.delivered * rate)
    flaws.push({ kind: "rate-not-delivered", perSecond: requests.perSecond, rate });
  const seconds = stress.perSecond.length - 1 - stress.perSecond.findLastIndex((count) => count > 0);
  if (seconds >= WEIGHS.silentSeconds && seconds < stress.perSecond.length)
    flaws.push({ kind: "silent", seconds });
  const redirects = statusCounts
    .filter(({ status }) => REDIRECTS.includes(status))
    .reduce((sum, { count }) => sum + count, 0);
  if (requests.total > 0 && redirects / requests.total > WEIGHS.redirected)
    flaws.push({ kind: "redirected", share: redirects / requests.total });
  return flaws;
}
