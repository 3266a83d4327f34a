import { z } from "zod";

const Interval = z.object({
  low: z.number().describe("Low end."),
  high: z.number().describe("High end."),
});

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

const ScalabilityLaw = z.object({
  alpha: z.number().describe("Contention, 0 to 1: the share of work that cannot be done at once."),
  beta: z.number().describe("Coherency, 0 to 1: what every pair of requests in flight costs."),
  gamma: z.number().describe("Throughput at a concurrency of one, requests/s."),
  peakConcurrency: z
    .number()
    .nullable()
    .describe("Concurrency at which throughput is greatest, √((1 − α)/β); null: it never falls."),
  intervals: z
    .record(z.string(), Interval)
    .describe("95% confidence intervals of alpha, beta and gamma, by name."),
});

const Step = z.object({
  offered: z.number().describe("Arrival rate that the load asked for, requests/s."),
  achieved: z.number().describe("Requests/s that were made; 0 where the step was stopped early."),
  sustained: z
    .number()
    .nullable()
    .describe("Answers/s once the step had settled; below achieved where a queue grew; null: not known."),
  meanMs: z.number().nullable().describe("Mean latency, ms; null: no answer."),
  p95Ms: z.number().nullable().describe("95th percentile of the latency, ms; null: no answer."),
  errorRatio: z.number().nullable().describe("Share of the requests that failed, 0 to 1; null: no answer."),
  concurrency: z
    .number()
    .nullable()
    .describe("Requests in flight on average: achieved × mean latency (Little's law); null: no answer."),
  valid: z
    .boolean()
    .describe(
      "False: the step says nothing of the target: the generator or a rate limiter was met, or samples were too few.",
    ),
  holds: z.boolean().nullable().describe("Whether the criteria held; null: not valid."),
  reason: z
    .enum(["latency", "errors", "throughput", "unsettled", "samples", "mix", "generator", "rate-limiter"])
    .nullable()
    .optional()
    .describe(
      "What broke, or why the step says nothing: not settled or too few samples within its time, or no test of the target; null: it holds.",
    ),
  brokenBy: z.string().nullable().describe("The same in words; null: it holds."),
  atLeast: z
    .number()
    .nullable()
    .optional()
    .describe("Rate that the target takes at least, by this step alone, requests/s; null: not known."),
  atMost: z.number().nullable().optional().describe("The same at most; null: not known."),
  watched: z.number().nonnegative().optional().describe("Requests that were due while the step was watched."),
});

/** What one instance of a system was measured to take. */
export const Capacity = z.object({
  schema: z.literal("headroom/capacity@1").describe("Name and version of this format."),
  system: z.string().describe("System that was measured."),
  measuredAt: z.iso.datetime().describe("When the search had ended, UTC."),
  engine: z
    .object({
      name: z.string().describe("k6 or autocannon."),
      version: z.string().describe("Its version."),
    })
    .nullable()
    .describe("What made the load; null: not said."),
  instances: z.number().int().positive().describe("Instances that served the load together."),
  maxRatePerSecond: z
    .object({
      low: z.number().nonnegative().describe("Highest rate that held."),
      mid: z.number().nonnegative().describe("Middle of low and high."),
      high: z.number().nonnegative().describe("Lowest rate that broke; low where none broke."),
    })
    .describe(
      "Highest arrival rate of all instances together that holds the criteria, requests/s; `bound` says which ends are known.",
    ),
  bound: z
    .enum(["both", "at-least", "less-than", "none"])
    .optional()
    .describe(
      "Ends that are known. `at-least`: low alone, the others repeat it; `less-than`: high alone; `none`: neither, all are 0.",
    ),
  settled: z.boolean().describe("Whether both ends were seen often enough within the precision asked for."),
  sla: z
    .array(z.string())
    .describe("Ids of the criteria that had to hold: gate criteria on latency and failures."),
  limits: z
    .array(
      z.object({
        id: z.string().describe("Id of the criterion."),
        metric: z.string().describe("http_req_duration or http_req_failed."),
        stat: z.string().describe("Statistic that is held to the limit, such as p95 or rate."),
        limit: z.number().describe("The threshold: ms of a time, a share from 0 to 1 of failures."),
      }),
    )
    .default([])
    .describe("The limits of these criteria."),
  limitedBy: z.string().describe("What broke first; `not reached`: nothing did."),
  limiter: z
    .object({ passesPerSecond: z.number().nonnegative().describe("Answers/s that it let pass.") })
    .optional()
    .describe("Where that is a rate limiter."),
  usl: z
    .union([ScalabilityLaw, z.object({ refused: z.string().describe("Why it was not fitted.") })])
    .describe("The Universal Scalability Law, fitted to the steps that held."),
  steps: z.array(Step).describe("The rates that were offered, in the order of the search."),
});
export type Capacity = z.infer<typeof Capacity>;
