import { z } from "zod";

const PlannedStage = z.object({
  durationMs: z.number().nonnegative().describe("Length of the stage, ms."),
  from: z.number().nonnegative().describe("Where the stage begins: requests/s (open) or users (closed)."),
  target: z
    .number()
    .nonnegative()
    .describe("Where it ends, reached in a straight line: requests/s (open) or users (closed)."),
  phase: z
    .enum(["warm-up", "steady", "ramp", "spike", "recovery", "ramp-down"])
    .describe("Kind of time; criteria may speak of one phase alone."),
  step: z
    .number()
    .int()
    .positive()
    .nullable()
    .describe(
      "Number of the held level, from 1; null where the load does not hold several, or between them.",
    ),
});

export const LoadPlan = z.object({
  model: z
    .enum(["open", "closed"])
    .describe("`open`: a given arrival rate; `closed`: users that each wait for their answer."),
  stages: z.array(PlannedStage.readonly()).readonly().describe("The load over time, stage after stage."),
  totalMs: z.number().positive().describe("Length of all stages, ms."),
  peak: z.number().positive().describe("Greatest target: requests/s (open) or users (closed)."),
  requestsPerIteration: z
    .number()
    .positive()
    .describe("Expected requests of an iteration of the journey: the sum of its steps' shares."),
  preAllocatedUsers: z
    .number()
    .int()
    .nonnegative()
    .describe("Virtual users (VUs) that are there from the start."),
  maxUsers: z
    .number()
    .int()
    .nonnegative()
    .describe("Most virtual users (VUs); an open load drops iterations when all are busy."),
});

const Requests = z.object({
  mean: z.number().nonnegative().describe("Expected number of requests."),
  low: z
    .number()
    .nonnegative()
    .describe("Low end of the range that chance alone leaves less than once in 100,000 runs a side."),
  high: z.number().nonnegative().describe("High end of that range."),
});

/** What journey and load ask of an endpoint, known before the run. */
export const ExpectedCalls = z.object({
  endpoint: z.string().describe("Endpoint of the journey."),
  perIteration: z.number().nonnegative().describe("Requests of an average iteration."),
  setup: z.number().nonnegative().describe("Requests before the load: login and preparation."),
  expectsOnlyErrors: z.boolean().describe("Every status it expects is 400 or more."),
  needs: z.array(z.string()).describe("Variables of its path, which earlier answers must give."),
  requests: Requests.nullable().describe(
    "Of the load, in the whole run; null for a closed load, where the answers decide how many iterations are made.",
  ),
  phases: z
    .array(
      z.object({
        phase: PlannedStage.shape.phase,
        requests: Requests.describe("Of the iterations that begin in this phase."),
      }),
    )
    .describe("The same by phase; empty for a closed load."),
});
export type ExpectedCalls = z.infer<typeof ExpectedCalls>;

export const Asked = z.object({
  target: z
    .string()
    .nullable()
    .describe(
      "URL that was loaded, credentials and query left out; null: a script of the user's own without --target.",
    ),
  scenario: z.string().describe("Load shape, or the file name of the user's own script."),
  script: z
    .string()
    .nullable()
    .describe("The user's own k6 script as it was named; null: the system's scenario."),
  load: LoadPlan.nullable().describe(
    "The load that was planned; null for a script of the user's own, whose load only k6 knows.",
  ),
  expected: z
    .array(ExpectedCalls)
    .optional()
    .describe("What journey and load ask of each endpoint; absent for a script of the user's own."),
  strict: z
    .boolean()
    .optional()
    .describe("A gate criterion whose interval holds its limit makes the run inconclusive."),
  command: z.string().describe("The command line as typed, secrets left out."),
});
