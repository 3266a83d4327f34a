import { z } from "zod";
import { PHASES } from "../../scenarios/lib/load.ts";
import { COMPARED_METRICS } from "../model/criterion.ts";
import { isValidDuration } from "./duration.ts";
import { SHAPES } from "./shapes.ts";

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/)
  .describe("Short name, unique in the file: lower-case letters, digits and dashes.");
const quantity = z.union([z.string(), z.number()]);
const severity = z
  .enum(["gate", "warn"])
  .describe("`gate` decides the verdict, `warn` is reported beside it.");
const why = z
  .string()
  .trim()
  .min(10)
  .describe("Where the figure comes from and what breaks beyond it. Required.");
/** Of signals, sizing rules, criteria, alerts and objectives alike. */
export const assumed = z
  .union([z.literal(true), z.array(z.string().min(1)).min(1)])
  .optional()
  .describe(
    "What no document of the operators says: true (all of it), or the fields and names that are assumed.",
  );
const duration = z.string().refine(isValidDuration, "write it like 30s, 5m or 1h");
const shapes = z.array(z.enum(SHAPES)).min(1).optional().describe("Load shapes it applies to. Default: all.");
const bounds = {
  max: quantity.optional().describe("Observed ≤ limit."),
  below: quantity.optional().describe("Observed < limit."),
  min: quantity.optional().describe("Observed ≥ limit."),
  above: quantity.optional().describe("Observed > limit."),
};

export const ClientEntry = z.strictObject({
  id,
  metric: z.string().min(1).describe("k6's name of the metric, built in or the script's own."),
  endpoint: z.string().optional().describe("Endpoint of the journey. Default: all requests."),
  tags: z.record(z.string(), z.string()).optional().describe("Other tags that samples must carry."),
  phase: z
    .enum(PHASES as [string, ...string[]])
    .optional()
    .describe("Kind of time. Default: the whole run."),
  stat: z.string().describe("p50 … p99.99, avg, min, max, rate or count."),
  ...bounds,
  severity,
  abort: z
    .strictObject({
      after: z
        .string()
        .describe("Time from the start of the run, such as 30s or 2m: earlier, it stops nothing."),
    })
    .optional()
    .describe("Stop the run once broken, not before this time of it."),
  shapes,
  assumed,
  why,
});

export const ServerEntry = z.strictObject({
  id,
  query: z.string().min(1).describe("PromQL, evaluated over the run; `$window` is the run's length."),
  unit: z
    .enum(["ratio", "seconds", "ms", "per-second", "count", "bytes", "number"])
    .describe("Unit of the query's value and of the limit; a ratio is between 0 and 1."),
  stat: z
    .string()
    .default("max")
    .describe("avg, min, max, last or pNN over the run. `last` evaluates once, at its end."),
  ...bounds,
  severity,
  shapes,
  assumed,
  why,
});

export const RegressionEntry = z.strictObject({
  id,
  metric: z.enum(COMPARED_METRICS).default("http_req_duration").describe("What is compared."),
  endpoint: z
    .string()
    .optional()
    .describe("Endpoint of the journey; `each`: every one and all together. Default: all requests."),
  phase: z
    .enum(PHASES as [string, ...string[]])
    .optional()
    .describe("Kind of time. Default: steady where the load has it, else the whole run."),
  stat: z.string().describe("p50, p95 or p99 of times; rate of http_req_failed and http_reqs."),
  worse: z.string().describe("Least change for the worse that counts, such as 5%; of failures, in points."),
  by: z.string().optional().describe("And in time, such as 5ms. Default: 1ms."),
  severity,
  shapes,
  assumed,
  why,
});

export const AlertEntry = z.strictObject({
  alert: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "letters, digits and underscores")
    .describe("Name of the alert, as the operators have it."),
  expr: z
    .string()
    .min(1)
    .describe(
      "PromQL that is true while the alert fires; `why` says where the operators' own does not work.",
    ),
  for: duration.optional().describe("How long it must hold. Default: at once."),
  severity: z.string().min(1).describe("The label that routes it: critical, warning or the operators' own."),
  labels: z.record(z.string(), z.string()).optional().describe("Further labels of the alert, by name."),
  summary: z.string().min(1).describe("The alert's `summary` annotation, as Prometheus templates it."),
  replaces: id.optional().describe("Server criterion of this file whose own alert it stands for."),
  assumed,
  why,
});

export const ObjectiveEntry = z.strictObject({
  id,
  objective: quantity.describe("Share that must be good over 30 days: 99.9%."),
  bad: z.string().min(1).describe("PromQL: share that was not good over `$window`."),
  assumed,
  why,
});

/** thresholds/<system>.yaml as it is written. */
export const ThresholdsFile = z.strictObject({
  schema: z.literal("headroom/thresholds@1").describe("Name and version of this format."),
  system: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .describe("Name of the system, as in the file's own name."),
  client: z.array(ClientEntry).min(1).describe("What the load generator sees."),
  server: z.array(ServerEntry).default([]).describe("What Prometheus saw during the run."),
  alerts: z.array(AlertEntry).default([]).describe("The operators' own alerts, for `export alerts`."),
  objectives: z
    .array(ObjectiveEntry)
    .default([])
    .describe("Service level objectives; `export alerts` makes burn-rate alerts of them."),
  regression: z
    .array(RegressionEntry)
    .default([])
    .describe("How much worse than a baseline is too much. Default: p95 of each endpoint, p50, failures."),
});
export type ThresholdsWire = z.infer<typeof ThresholdsFile>;
