import { z } from "zod";

/** What a comparison concludes of one statistic, or of all of them. */
export const Outcome = z.enum(["regressed", "improved", "no-change-shown", "inconclusive"]);
export type Outcome = z.infer<typeof Outcome>;

/** One statistic of one endpoint, baseline against candidate. */
export const ComparedLine = z.object({
  id: z.string().describe("The criterion it answers; with the endpoint where that speaks of each."),
  metric: z.string().describe("http_req_duration, http_req_failed or http_reqs."),
  endpoint: z.string().nullable().describe("Endpoint of the journey; null: all requests."),
  phase: z.string().nullable().describe("Kind of time, such as steady; null: the whole run."),
  stat: z.string().describe("p50, p95 or p99 of times; rate of failures and of requests."),
  unit: z.enum(["ms", "ratio", "per-second"]).describe("Unit of baseline and candidate."),
  baseline: z
    .number()
    .nullable()
    .describe(
      "The baseline's value: geometric mean of its runs for times and rates, mean for ratios; null: not measured.",
    ),
  candidate: z.number().nullable().describe("The candidate's value, likewise."),
  samples: z
    .object({
      baseline: z.number().int().describe("Of the baseline, over all its runs."),
      candidate: z.number().int().describe("Of the candidate, over all its runs."),
    })
    .describe("Requests that the values rest on."),
  change: z
    .number()
    .nullable()
    .describe("Relative for times and rates (0.1: 10% more), a difference for ratios; null: not measured."),
  interval: z
    .object({ low: z.number().describe("Low end."), high: z.number().describe("High end.") })
    .nullable()
    .describe("Of the change; all lines' intervals hold their true values together with 95% confidence."),
  floor: z.number().nonnegative().describe("The least change that counts, on the scale of change."),
  severity: z.enum(["gate", "warn"]).describe("`gate` decides the outcome, `warn` is reported beside it."),
  outcome: Outcome.describe("What is concluded of this statistic."),
  note: z.string().nullable().describe("Why nothing can be told, or that a change is too small to count."),
  why: z.string().describe("Why the criterion is there, as its file says."),
});
export type ComparedLine = z.infer<typeof ComparedLine>;

const Side = z.object({
  runs: z.array(z.string()).describe("Identifiers of the runs."),
  startedAt: z.iso.datetime().describe("When the load of the first one listed began, UTC."),
  target: z
    .string()
    .nullable()
    .describe("URL that the first one listed loaded; null: a script of the user's own without --target."),
});

/** Two sets of runs of one system under the same load. */
export const Comparison = z.object({
  schema: z.literal("headroom/comparison@1").describe("Name and version of this format."),
  system: z.string().describe("System of the runs."),
  scenario: z.string().describe("Load shape, or the file name of the user's own script."),
  baseline: Side.describe("The runs that are compared with."),
  candidate: Side.describe("The runs that are judged."),
  differences: z
    .array(
      z.object({
        what: z.string().describe("What differs, such as the engine's version."),
        baseline: z.string().describe("What it was then."),
        candidate: z.string().describe("What it is now."),
      }),
    )
    .describe("What was not the same, where a comparison was asked for nevertheless."),
  outcome: Outcome.describe("The worst outcome of the gate lines; inconclusive where there is none."),
  lines: z.array(ComparedLine).describe("Statistic by statistic."),
});
export type Comparison = z.infer<typeof Comparison>;
export type Difference = Comparison["differences"][number];

const Then = z.object({
  asOf: z.iso.datetime().describe("Last moment of the history that it was made from, UTC."),
  horizonDays: z.number().describe("How far ahead it planned, days."),
});

const numbersOf = (what: string) =>
  z.object({
    older: z.number().nullable().describe(`${what}, as the older plan says; null: it does not.`),
    newer: z.number().nullable().describe(`${what}, as the newer plan says; null: it does not.`),
  });

/** What an older plan said, beside a newer one and what happened in between. */
export const PlanComparison = z.object({
  schema: z.literal("headroom/plan-comparison@1").describe("Name and version of this format."),
  system: z.string().describe("System of the newer plan."),
  older: Then.describe("The plan whose forecast is scored."),
  newer: Then.describe("The plan whose history it is scored against."),
  demands: z
    .array(
      z.object({
        signal: z.string().describe("Demand, by the id of its signal."),
        unit: z.string().describe("Unit of now and p90."),
        days: z
          .number()
          .int()
          .nonnegative()
          .describe("Days the older plan foresaw and the newer one has seen."),
        error: z
          .number()
          .nullable()
          .describe("Mean over these days of |seen − median| / seen; null without a day."),
        bias: z
          .number()
          .nullable()
          .describe(
            "Mean of (median − seen) / seen: above 0, the older plan foresaw too much; null without a day.",
          ),
        inside80: z
          .number()
          .nullable()
          .describe(
            "Share of the days between the older plan's p10 and p90: 0.8 is right; null without a day.",
          ),
        now: numbersOf("Busy-hour level of the last week").describe("Level when each plan was made."),
        p90: numbersOf("p90 of the demand at the horizon").describe("p90 at each plan's own horizon."),
      }),
    )
    .describe("Every demand of either plan."),
  resources: z
    .array(
      z.object({
        resource: z.string().describe("Resource of the profile."),
        unit: z.string().describe("Unit of current and recommended."),
        current: numbersOf("What was there").describe("Size when each plan was made."),
        recommended: numbersOf("The recommendation").describe("Size that each plan recommends."),
        runsOut: z
          .object({
            older: z
              .string()
              .nullable()
              .describe("The day, as the older plan says; null: not within its horizon, or not known."),
            newer: z
              .string()
              .nullable()
              .describe("The day, as the newer plan says; null: not within its horizon, or not known."),
          })
          .describe(
            "Likely day on which the size no longer suffices; the early day where there is no likely one.",
          ),
      }),
    )
    .describe("Every resource of either plan."),
});
export type PlanComparison = z.infer<typeof PlanComparison>;
