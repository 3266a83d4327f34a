import { z } from "zod";
import { Asked } from "./asked.ts";
import { Evidence } from "./evidence.ts";
import { MetricRow, Tags } from "./metric-row.ts";

/**
 * run.json: the seam between producing load and everything that reads its result. Fields may be added, not
 * renamed. Times are UTC ISO 8601, durations ms. What was not measured is null or absent, never 0.
 */

const TimelineSeries = z.object({
  metric: z.string(),
  /** null: all endpoints. */
  endpoint: z.string().nullable(),
  unit: z.string(),
  values: z.array(z.number().nullable()),
});
export type TimelineSeries = z.infer<typeof TimelineSeries>;

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

/** What a server-side query answered over the run's window. */
export const ServerObservation = z.object({
  id: z.string(),
  query: z.string(),
  /** Number of values the answer held, over all series. */
  samples: z.number().int().nonnegative(),
  /** One value per series, already reduced over the window by the criterion's statistic. */
  values: z.array(z.object({ labels: Tags, value: z.number() })),
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
