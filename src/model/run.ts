import { z } from "zod";

/**
 * run.json: the seam between producing load and everything that reads its result. Fields may be added, not
 * renamed. Times are UTC ISO 8601, durations ms. What was not measured is null or absent, never 0.
 */

const tags = z.record(z.string(), z.string());

/** One metric under one set of tags; only the statistics that its type has. */
export const MetricRow = z.object({
  metric: z.string(),
  /** `name` is the endpoint, `phase` and `step` the kind of time; empty for the whole run. */
  tags,
  type: z.enum(["trend", "rate", "counter", "gauge"]),
  /** How many samples; for a counter whose samples k6 does not count, how much was counted. */
  samples: z.number().int().nonnegative(),
  /** Trends: in ms for times. */
  avg: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** Trends: exact quantiles at the fractions of quantileGrid. */
  quantiles: z.array(z.number()).optional(),
  /** Where the store keeps a histogram: between which values each quantile lies for sure. */
  quantileBounds: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** Rates: the share that was true (for http_req_failed: that failed). */
  ratio: z.number().min(0).max(1).optional(),
  /** Counters. */
  count: z.number().optional(),
  /** Gauges: the last value. */
  value: z.number().optional(),
});
export type MetricRow = z.infer<typeof MetricRow>;

const TimelineSeries = z.object({
  metric: z.string(),
  /** null: all endpoints. */
  endpoint: z.string().nullable(),
  unit: z.string(),
  values: z.array(z.number().nullable()),
});
export type TimelineSeries = z.infer<typeof TimelineSeries>;

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

const Asked = z.object({
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

const Environment = z.object({
  headroom: z.string(),
  node: z.string(),
  os: z.string(),
  cpuCores: z.number().int().positive(),
  cpuModel: z.string(),
  memoryBytes: z.number().positive(),
  ci: z.string().nullable(),
});

/** What made the load. */
export const EngineUsed = z.object({
  name: z.string(),
  version: z.string(),
  /** How many made it together, where they were told to be several. */
  generators: z.number().int().positive().optional(),
});

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
const Evidence = z.object({
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
    .describe("Answers that were expected errors, such as a 404 beside 200."),
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

/** What a server-side query answered over the run's window. */
export const ServerObservation = z.object({
  id: z.string(),
  query: z.string(),
  /** Number of values the answer held, over all series. */
  samples: z.number().int().nonnegative(),
  /** One value per series, already reduced over the window by the criterion's statistic. */
  values: z.array(z.object({ labels: tags, value: z.number() })),
  warnings: z.array(z.string()),
  error: z.string().nullable(),
});
export type ServerObservation = z.infer<typeof ServerObservation>;

export const RunResult = z
  .object({
    schema: z.literal("headroom/run@1"),
    id: z.string(),
    system: z.string(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime(),
    asked: Asked,
    environment: Environment,
    engine: EngineUsed,
    evidence: Evidence,
    /** The fractions at which trends keep their quantiles. */
    quantileGrid: z.array(z.number().min(0).max(1)),
    metrics: z.array(MetricRow),
    checks: z.array(z.object({ name: z.string(), passes: z.number().int(), fails: z.number().int() })),
    /** `status` is 0 where no answer came, null for all that the engine does not count one by one. */
    statusCounts: z.array(z.object({ status: z.number().int().nullable(), count: z.number().int() })),
    errors: z.array(z.object({ kind: z.string(), count: z.number().int() })),
    timeline: z.object({ periodMs: z.number().min(1).max(3_600_000), series: z.array(TimelineSeries) }),
    thresholds: z.object({ file: z.string(), text: z.string() }),
    /** What the engine itself said of each threshold; `criterion` is null for one of the script's own. */
    engineThresholds: z.array(
      z.object({
        criterion: z.string().nullable(),
        selector: z.string(),
        expression: z.string(),
        ok: z.boolean(),
      }),
    ),
    /** null: no Prometheus was named. */
    server: z.array(ServerObservation).nullable(),
  })
  .refine(
    ({ quantileGrid, metrics }) =>
      metrics.every(({ quantiles }) => quantiles === undefined || quantiles.length === quantileGrid.length),
    { path: ["quantileGrid"], message: "has another length than the quantiles of the metrics" },
  );
export type RunResult = z.infer<typeof RunResult>;

/** Quantiles every trend keeps: fine where SLAs are written, and fine enough around for their intervals. */
export const QUANTILE_GRID: readonly number[] = (() => {
  const percents = new Set<number>();
  const add = (from: number, to: number, by: number) => {
    for (let index = 0; from + index * by <= to + 1e-9; index++)
      percents.add(Number((from + index * by).toFixed(3)));
  };
  add(0, 50, 5);
  add(50, 90, 1);
  add(90, 99, 0.25);
  add(99, 99.9, 0.1);
  for (const percent of [99.95, 99.99, 100]) percents.add(percent);
  return [...percents].sort((a, b) => a - b).map((percent) => Number((percent / 100).toFixed(6)));
})();

/** The row of a metric whose tags are exactly these, or null. */
export function findRow(
  rows: readonly MetricRow[],
  metric: string,
  wanted: Readonly<Record<string, string>>,
): MetricRow | null {
  const keys = Object.keys(wanted);
  const found = rows.find(
    (row) =>
      row.metric === metric &&
      Object.keys(row.tags).length === keys.length &&
      keys.every((key) => row.tags[key] === wanted[key]),
  );
  return found ?? null;
}
