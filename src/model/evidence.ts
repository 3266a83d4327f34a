import { z } from "zod";

/** How the engine ended. */
const Exit = z.object({
  code: z.number().int().nullable().describe("Exit code; null: there is none."),
  signal: z.string().nullable().describe("Signal that killed it; null: none did."),
  meaning: z.string().describe("How it ended, in words."),
  complete: z.boolean().describe("Whether, ending so, the engine had done all it was meant to."),
  markedFailed: z.boolean().describe("The script itself said that the test failed."),
});

/** Generators that made a load together, as the marks tell that each left in the store. */
const Generators = z.object({
  expected: z.number().int().positive().describe("Generators that the load was exported for."),
  begun: z.array(z.string()).describe("Identifiers of those that began."),
  ended: z.array(z.string()).describe("Identifiers of those that said that they ended."),
  repeated: z.array(z.string()).describe("Those that began more than once."),
  beginSpreadMs: z
    .number()
    .nonnegative()
    .describe("Between the first and the last that began, by their own clocks, ms."),
  unaccounted: z.number().int().describe("Requests whose duration the store does not have."),
});

/** Requests of an endpoint that were answered as expected behind a redirect: each was two requests or more. */
const Redirect = z.object({
  endpoint: z.string().describe("Endpoint of the journey."),
  method: z.string().describe("HTTP method of the journey's step."),
  path: z.string().describe("Path of the journey's step."),
  to: z.string().describe("Where it led, in the words of that path; with the origin where that is another."),
  requests: z.number().int().positive().describe("Requests that were redirected."),
});
export type Redirect = z.infer<typeof Redirect>;

/** What validity is judged from. */
export const Evidence = z.object({
  exit: Exit.describe("How the engine ended."),
  summaryComplete: z.boolean().describe("False when the engine died before it could say what it measured."),
  interrupted: z.boolean().describe("The user stopped the run."),
  abortedByCriterion: z.boolean().describe("The run was stopped by a criterion that says so."),
  durationMs: z.number().nonnegative().describe("Length of the run without its setup, ms."),
  plannedIterations: z
    .number()
    .nonnegative()
    .nullable()
    .describe("Iterations the plan asked for up to the moment a stopped run ended; null: not an open load."),
  iterations: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe("Iterations that were finished; null: the engine did not say."),
  droppedIterations: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe(
      "Iterations that were due and never began, as every user was busy; null: the engine did not say.",
    ),
  unfinishedIterations: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe("Still without an answer when the time to finish after the load was over; at least so many."),
  maxUsers: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe("Most virtual users (VUs) that the plan allows; null: a script of the user's own."),
  usersSeen: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe("Most virtual users (VUs) that there were, busy or not; null: the engine did not say."),
  exceptions: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe("Iterations that threw; null: the engine did not say."),
  rateLimited: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe("Answers of a rate limiter: 429, or 503 with its headers; null: the engine did not say."),
  withoutInformation: z
    .array(
      z.object({
        endpoint: z.string().describe("Endpoint of the journey."),
        count: z.number().int().nonnegative().describe("Such answers."),
      }),
    )
    .optional()
    .describe(
      "Answers that were expected and show nothing: errors, such as a 404 beside 200, or redirects beside a success.",
    ),
  redirects: z
    .array(Redirect)
    .optional()
    .describe("Steps whose answer came behind a redirect: each request of theirs was two or more."),
  generatorCpu: z
    .object({
      cores: z.number().positive().describe("Cores it may use; fewer than the machine's under a CPU quota."),
      samples: z.array(z.number().nonnegative()).describe("Share of those cores in use, a value a second."),
    })
    .nullable()
    .describe("What the generator used of its processor; null: not measured."),
  stalledMs: z
    .number()
    .nonnegative()
    .optional()
    .describe("The longest time in which the generator itself stood still, ms."),
  hosts: z
    .array(
      z.object({
        host: z.string().describe("Host with its port."),
        requests: z.number().int().nonnegative().describe("Requests to it."),
      }),
    )
    .optional()
    .describe("Of a script of the user's own: the hosts that it requested over HTTP and WebSockets."),
  allowedHosts: z
    .array(z.string())
    .optional()
    .describe("Of the same: the hosts that the user allowed to be loaded beside the target."),
  refusedHosts: z
    .array(
      z.object({
        host: z.string().describe("Host, or its address where no name is known."),
        address: z.string().describe("Address it led to, or the host where it was not looked up."),
        requests: z.number().int().positive().describe("Requests to it that were not sent."),
      }),
    )
    .optional()
    .describe(
      "Hosts outside loopback and private ranges that the user did not allow; nothing was sent to them.",
    ),
  scriptSummaryError: z
    .string()
    .nullable()
    .describe("What became of the script's own end-of-test summary, when it failed; null: it did not."),
  log: z
    .array(z.string())
    .describe("The engine's first distinct errors and warnings, and how often each came."),
  generators: Generators.optional().describe("Of a load that several generators made together."),
});
export type Evidence = z.infer<typeof Evidence>;
