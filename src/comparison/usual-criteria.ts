import type { RegressionCriterion } from "../model/criterion.ts";

const usual = {
  kind: "regression",
  phase: null,
  severity: "gate",
  shapes: null,
} as const;

/** What a candidate is held to when its thresholds file says nothing of regressions. */
export const USUAL_CRITERIA: readonly RegressionCriterion[] = [
  {
    ...usual,
    id: "p95-regression",
    metric: "http_req_duration",
    endpoint: "each",
    stat: { kind: "quantile", q: 0.95 },
    worse: 0.05,
    byMs: 1,
    why: "A release should not be slower than the one it replaces; less than 5% or 1 ms nobody notices.",
  },
  {
    ...usual,
    id: "p50-regression",
    metric: "http_req_duration",
    endpoint: null,
    stat: { kind: "quantile", q: 0.5 },
    worse: 0.05,
    byMs: 1,
    why: "The ordinary answer says what every user feels, and is the steadiest to compare.",
  },
  {
    ...usual,
    id: "error-regression",
    metric: "http_req_failed",
    endpoint: null,
    stat: { kind: "rate" },
    worse: 0.005,
    byMs: 0,
    why: "Half a percentage point more failures is one request in two hundred.",
  },
];
