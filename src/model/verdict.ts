import { z } from "zod";
import { EngineUsed } from "./run.ts";

/** Why a run proves nothing, or what a reader must know beside the verdict. */
export const Reason = z.object({
  code: z.string(),
  message: z.string(),
  /** What to do about it. */
  remedy: z.string(),
});
export type Reason = z.infer<typeof Reason>;

export const JudgedCriterion = z.object({
  id: z.string(),
  kind: z.enum(["client", "server", "regression"]),
  metric: z.string(),
  where: z.string(),
  stat: z.string(),
  unit: z.enum(["ms", "ratio", "per-second", "count", "bytes", "seconds", "cores", "number"]),
  operator: z.enum(["<=", "<", ">=", ">"]),
  limit: z.number(),
  severity: z.enum(["gate", "warn"]),
  observed: z.number().nullable(),
  samples: z.number().int().nonnegative(),
  /** pass · fail (a gate criterion broken) · warn (a warn criterion broken) · no-data. */
  status: z.enum(["pass", "fail", "warn", "no-data"]),
  /** 95% confidence interval of the observed value. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  /** Why there is no data, or that the interval holds the limit. */
  note: z.string().nullable(),
  why: z.string(),
});
export type JudgedCriterion = z.infer<typeof JudgedCriterion>;

export const Verdict = z.object({
  schema: z.literal("headroom/verdict@1"),
  system: z.string(),
  scenario: z.string(),
  engine: EngineUsed,
  status: z.enum(["pass", "fail", "inconclusive"]),
  interrupted: z.boolean(),
  reasons: z.array(Reason),
  notices: z.array(z.string()),
  criteria: z.array(JudgedCriterion),
  /** Path of run.json. */
  run: z.string(),
});
export type Verdict = z.infer<typeof Verdict>;
