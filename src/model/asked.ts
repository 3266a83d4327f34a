import { z } from "zod";

const PlannedStage = z.object({
  durationMs: z.number().nonnegative(),
  from: z.number().nonnegative(),
  target: z.number().nonnegative(),
  phase: z.enum(["warm-up", "steady", "ramp", "spike", "recovery", "ramp-down"]),
  step: z.number().int().positive().nullable(),
});

export const LoadPlan = z.object({
  model: z.enum(["open", "closed"]),
  /** Targets are requests/s when open, users when closed. */
  stages: z.array(PlannedStage.readonly()).readonly(),
  totalMs: z.number().positive(),
  peak: z.number().positive(),
  requestsPerIteration: z.number().positive(),
  preAllocatedUsers: z.number().int().nonnegative(),
  maxUsers: z.number().int().nonnegative(),
});

const Requests = z.object({
  mean: z.number().nonnegative(),
  low: z.number().nonnegative().describe("Chance alone leaves the range once in 100,000 runs."),
  high: z.number().nonnegative(),
});

/** What journey and load ask of an endpoint, known before the run. */
export const ExpectedCalls = z.object({
  endpoint: z.string(),
  perIteration: z.number().nonnegative().describe("Requests of an average iteration."),
  setup: z.number().nonnegative().describe("Requests before the load: login and preparation."),
  expectsOnlyErrors: z.boolean().describe("Every status it expects is 400 or more."),
  needs: z.array(z.string()).describe("Variables of its path, which earlier answers must give."),
  requests: Requests.nullable().describe(
    "Of the load, in the whole run; null for a closed load, where the answers decide how many iterations are made.",
  ),
  phases: z
    .array(z.object({ phase: PlannedStage.shape.phase, requests: Requests }))
    .describe("Open loads: the same by phase."),
});
export type ExpectedCalls = z.infer<typeof ExpectedCalls>;

export const Asked = z.object({
  target: z.string().nullable(),
  scenario: z.string(),
  /** The user's own k6 script, when one was given. */
  script: z.string().nullable(),
  /** null for a script of the user's own, whose load only k6 knows. */
  load: LoadPlan.nullable(),
  expected: z
    .array(ExpectedCalls)
    .optional()
    .describe("What journey and load ask of each endpoint; absent for a script of the user's own."),
  strict: z
    .boolean()
    .optional()
    .describe("A gate criterion whose interval holds its limit makes the run inconclusive."),
  /** As typed, secrets left out. */
  command: z.string(),
});
