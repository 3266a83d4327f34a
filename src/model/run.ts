import { z } from "zod";
import { Asked } from "./asked.ts";
import { Evidence } from "./evidence.ts";
import { MetricRow, Tags } from "./metric-row.ts";

/**
 * run.json: the seam between producing load and everything that reads its result. Fields may be added, not
 * renamed. Times are UTC ISO 8601, durations ms. What was not measured is null or absent, never 0.
 */

const TimelineSeries = z.object({
  metric: z
    .string()
    .describe(
      "requests, failed, p50, p95 or p99; iterations, dropped or users; status_<code> from autocannon.",
    ),
  endpoint: z.string().nullable().describe("Endpoint of the journey; null: all of them."),
  unit: z.string().describe("per-second, ratio, ms or count."),
  values: z.array(z.number().nullable()).describe("A value a period from the load's start; null: no sample."),
});
export type TimelineSeries = z.infer<typeof TimelineSeries>;

const Environment = z.object({
  headroom: z.string().describe("Version of Headroom."),
  node: z.string().describe("Version of Node."),
  os: z.string().describe("Operating system, its release and the processor's architecture."),
  cpuCores: z.number().int().positive().describe("Cores that Node may use (`availableParallelism`)."),
  cpuModel: z.string().describe("The processor's model, as the system names it."),
  memoryBytes: z.number().positive().describe("Memory of the machine, bytes."),
  ci: z.string().nullable().describe("Continuous integration that it ran in; null: none was recognised."),
});

/** What made the load. */
export const EngineUsed = z.object({
  name: z.string().describe("k6 or autocannon."),
  version: z.string().describe("Its version."),
  generators: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("How many made the load together, where they were told to be several."),
});

const Check = z.object({
  name: z.string().describe("The check, with its endpoint."),
  passes: z.number().int().describe("Answers that it held for."),
  fails: z.number().int().describe("Answers that it did not hold for."),
});

const StatusCount = z.object({
  status: z
    .number()
    .int()
    .nullable()
    .describe("HTTP status; 0: no answer came; null: all that the engine does not count one by one."),
  count: z.number().int().describe("Requests that ended so."),
});

const ErrorCount = z.object({
  kind: z.string().describe("What happened, such as connection refused or request timed out."),
  count: z.number().int().describe("Requests that it happened to."),
});

const EngineThreshold = z.object({
  criterion: z.string().nullable().describe("Client criterion it stands for; null: one of the script's own."),
  selector: z.string().describe("k6's name of metric and tags: `http_req_duration{name:detect}`."),
  expression: z.string().describe("The threshold as k6 has it: `p(95)<500`."),
  ok: z.boolean().describe("Whether the engine says that it held."),
});

/** What a server-side query answered over the run's window. */
export const ServerObservation = z.object({
  id: z.string().describe("The server criterion's id."),
  query: z.string().describe("PromQL as the criterion has it, `$window` not filled in."),
  samples: z.number().int().nonnegative().describe("Number of values the answer held, over all series."),
  values: z
    .array(
      z.object({
        labels: Tags.describe("Labels of the series."),
        value: z.number().describe("The criterion's statistic over the run, in its unit."),
      }),
    )
    .describe("A value a series; of more than 100 series, the worst 100."),
  warnings: z
    .array(z.string())
    .describe("What the store warned of, moments without a value, infinite values."),
  error: z.string().nullable().describe("Why the query failed; null: it did not."),
});
export type ServerObservation = z.infer<typeof ServerObservation>;

export const RunResult = z
  .object({
    schema: z.literal("headroom/run@1").describe("Name and version of this format."),
    id: z
      .string()
      .describe("Identifier of the run; of several generators, the one that the load was exported under."),
    system: z.string().describe("System whose thresholds apply."),
    startedAt: z.iso.datetime().describe("When the load began, UTC."),
    endedAt: z.iso.datetime().describe("When the engine had ended, UTC."),
    asked: Asked.describe("What the run was asked to do."),
    environment: Environment.describe("The machine that Headroom ran on."),
    engine: EngineUsed.describe("What made the load."),
    evidence: Evidence.describe("What validity is judged from."),
    quantileGrid: z
      .array(z.number().min(0).max(1))
      .describe("The fractions at which trends keep their quantiles, 0 to 1."),
    metrics: z.array(MetricRow).describe("A row for every metric and set of tags."),
    checks: z.array(Check).describe("The checks of the journey or script."),
    statusCounts: z.array(StatusCount).describe("Answers by HTTP status."),
    errors: z.array(ErrorCount).describe("Requests that got no answer, the most frequent kind first."),
    timeline: z
      .object({
        periodMs: z.number().min(1).max(3_600_000).describe("Time between two values, ms."),
        series: z.array(TimelineSeries).describe("A line for every metric and endpoint."),
      })
      .describe("The run over time."),
    thresholds: z
      .object({
        file: z.string().describe("Path of the thresholds file; `none`: there is none."),
        text: z.string().describe("Its text, so that the run can be judged again."),
      })
      .describe("The criteria that the run was made with."),
    engineThresholds: z.array(EngineThreshold).describe("What the engine itself said of each threshold."),
    server: z
      .array(ServerObservation)
      .nullable()
      .describe("What Prometheus answered to each server criterion; null: no Prometheus was named."),
  })
  .refine(
    ({ quantileGrid, metrics }) =>
      metrics.every(({ quantiles }) => quantiles === undefined || quantiles.length === quantileGrid.length),
    { path: ["quantileGrid"], message: "has another length than the quantiles of the metrics" },
  );
export type RunResult = z.infer<typeof RunResult>;
