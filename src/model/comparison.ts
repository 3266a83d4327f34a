import { z } from "zod";

/** What a comparison concludes of one statistic, or of all of them. */
export const Outcome = z.enum(["regressed", "improved", "no-change-shown", "inconclusive"]);
export type Outcome = z.infer<typeof Outcome>;

/** One statistic of one endpoint, baseline against candidate. */
export const ComparedLine = z.object({
  /** The criterion it answers; with the endpoint where that speaks of each. */
  id: z.string(),
  metric: z.string(),
  /** null: all requests. */
  endpoint: z.string().nullable(),
  /** null: the whole run. */
  phase: z.string().nullable(),
  stat: z.string(),
  unit: z.enum(["ms", "ratio", "per-second"]),
  /** Geometric mean over the runs for times and rates, mean for ratios; null: not measured. */
  baseline: z.number().nullable(),
  candidate: z.number().nullable(),
  samples: z.object({ baseline: z.number().int(), candidate: z.number().int() }),
  /** Relative for times and rates (0.1: 10% more), a difference for ratios. */
  change: z.number().nullable(),
  /** Of the change; all lines' intervals hold their true values together with 95% confidence. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  /** The least change that counts. */
  floor: z.number().nonnegative(),
  severity: z.enum(["gate", "warn"]),
  outcome: Outcome,
  note: z.string().nullable(),
  why: z.string(),
});
export type ComparedLine = z.infer<typeof ComparedLine>;

const Side = z.object({
  runs: z.array(z.string()),
  startedAt: z.iso.datetime(),
  target: z.string().nullable(),
});

/** Two sets of runs of one system under the same load. */
export const Comparison = z.object({
  schema: z.literal("headroom/comparison@1"),
  system: z.string(),
  scenario: z.string(),
  baseline: Side,
  candidate: Side,
  /** What was not the same, where a comparison was asked for nevertheless. */
  differences: z.array(z.object({ what: z.string(), baseline: z.string(), candidate: z.string() })),
  outcome: Outcome,
  lines: z.array(ComparedLine),
});
export type Comparison = z.infer<typeof Comparison>;
export type Difference = Comparison["differences"][number];

/** What an older plan said, beside a newer one and what happened in between. */
export const PlanComparison = z.object({
  schema: z.literal("headroom/plan-comparison@1"),
  system: z.string(),
  older: z.object({ asOf: z.iso.datetime(), horizonDays: z.number() }),
  newer: z.object({ asOf: z.iso.datetime(), horizonDays: z.number() }),
  demands: z.array(
    z.object({
      signal: z.string(),
      unit: z.string(),
      /** Days the older plan foresaw and the newer one has seen. */
      days: z.number().int().nonnegative(),
      /** Mean of |seen − median| / seen; null without a day. */
      error: z.number().nullable(),
      /** Mean of (median − seen) / seen: above 0, the older plan foresaw too much. */
      bias: z.number().nullable(),
      /** Share of the days between the older plan's p10 and p90: 0.8 is right. */
      inside80: z.number().nullable(),
      now: z.object({ older: z.number().nullable(), newer: z.number().nullable() }),
      p90: z.object({ older: z.number().nullable(), newer: z.number().nullable() }),
    }),
  ),
  resources: z.array(
    z.object({
      resource: z.string(),
      unit: z.string(),
      /** null: the plan did not size it. */
      current: z.object({ older: z.number().nullable(), newer: z.number().nullable() }),
      recommended: z.object({ older: z.number().nullable(), newer: z.number().nullable() }),
      runsOut: z.object({ older: z.string().nullable(), newer: z.string().nullable() }),
    }),
  ),
});
export type PlanComparison = z.infer<typeof PlanComparison>;
