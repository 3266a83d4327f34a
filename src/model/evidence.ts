import { z } from "zod";

/** Requests of an endpoint that were answered as expected behind a redirect: each was two requests or more. */
const Redirect = z.object({
  endpoint: z.string(),
  method: z.string(),
  /** Path of the journey's step. */
  path: z.string(),
  /** Where it led, in the words of that path; with the origin where that is another. */
  to: z.string(),
  requests: z.number().int().positive(),
});
export type Redirect = z.infer<typeof Redirect>;

/** What validity is judged from. */
export const Evidence = z.object({
  /** How the engine ended. */
  exit: z.object({
    code: z.number().int().nullable(),
    signal: z.string().nullable(),
    meaning: z.string(),
    /** Whether, ending so, the engine had done all it was meant to. */
    complete: z.boolean(),
    /** The script itself said that the test failed. */
    markedFailed: z.boolean(),
  }),
  /** False when the engine died before it could say what it measured. */
  summaryComplete: z.boolean(),
  interrupted: z.boolean(),
  /** The run was stopped by a criterion that says so. */
  abortedByCriterion: z.boolean(),
  durationMs: z.number().nonnegative(),
  /** Open loads: iterations the plan asked for up to the moment the run ended. */
  plannedIterations: z.number().nonnegative().nullable(),
  iterations: z.number().int().nonnegative().nullable(),
  droppedIterations: z.number().int().nonnegative().nullable(),
  unfinishedIterations: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe("Still without an answer when the time to finish after the load was over; at least so many."),
  maxUsers: z.number().int().nonnegative().nullable(),
  usersSeen: z.number().int().nonnegative().nullable(),
  exceptions: z.number().int().nonnegative().nullable(),
  /** Answers of a rate limiter. */
  rateLimited: z.number().int().nonnegative().nullable(),
  withoutInformation: z
    .array(z.object({ endpoint: z.string(), count: z.number().int().nonnegative() }))
    .optional()
    .describe(
      "Answers that were expected and show nothing: errors, such as a 404 beside 200, or redirects beside a success.",
    ),
  redirects: z.array(Redirect).optional(),
  /** Share of the cores it may use that the generator used, per second. */
  generatorCpu: z
    .object({ cores: z.number().positive(), samples: z.array(z.number().nonnegative()) })
    .nullable(),
  /** The longest time in which the generator itself stood still, ms. */
  stalledMs: z.number().nonnegative().optional(),
  /** Of a script of the user's own: the hosts that it requested, with their ports, as far as HTTP and WebSockets go. */
  hosts: z.array(z.object({ host: z.string(), requests: z.number().int().nonnegative() })).optional(),
  /** Of the same: the hosts that may be loaded beside the target. */
  allowedHosts: z.array(z.string()).optional(),
  /** Hosts outside loopback and private ranges that nobody allowed, and how many connections to each were refused. */
  refusedHosts: z
    .array(z.object({ host: z.string(), address: z.string(), requests: z.number().int().positive() }))
    .optional(),
  /** What became of the script's own end-of-test summary, when it failed. */
  scriptSummaryError: z.string().nullable(),
  /** First lines of the engine's errors and warnings. */
  log: z.array(z.string()),
  /** Of a load that several generators made together. */
  generators: z
    .object({
      expected: z.number().int().positive(),
      begun: z.array(z.string()),
      ended: z.array(z.string()),
      /** Those that began more than once. */
      repeated: z.array(z.string()),
      /** Between the first and the last that began, by their own clocks. */
      beginSpreadMs: z.number().nonnegative(),
      /** Requests whose duration the store does not have. */
      unaccounted: z.number().int(),
    })
    .optional(),
});
export type Evidence = z.infer<typeof Evidence>;
