import { z } from "zod";
import { OperatorsRule } from "./forecast-demand.ts";

const Day = z.iso.date();

/**
 * What an answer rests on, the strongest first: the need measured today exceeds what is there; the forecast passes it;
 * it can happen (all pools full, a rolling update, a zone lost); the operators' document says so and no measurement does.
 * Only the first two say "short" and give dates.
 */
export const EvidenceRank = z.enum(["observed", "forecast", "latent", "rule"]);
export type EvidenceRank = z.infer<typeof EvidenceRank>;

/** A factor between the likely demand and the recommendation, and its reason. */
export const Margin = z.object({ name: z.string(), factor: z.number() });
export type Margin = z.infer<typeof Margin>;

/** What can happen beyond what is measured, and what to do about it, the cheapest first. */
export const Latent = z.object({ what: z.string(), need: z.number().nullable(), cures: z.array(z.string()) });
export type Latent = z.infer<typeof Latent>;

/** Connections that every instance may open. */
export const PoolSize = z.object({
  /** Resource of the instances that hold the pools. */
  instances: z.string(),
  current: z.number().int(),
  recommended: z.number().int(),
  /** Instances up to which pools of the recommended size fit. */
  upTo: z.number().int(),
});
export type PoolSize = z.infer<typeof PoolSize>;

const Amounts = z.object({ cpuCores: z.number().nullable(), memoryBytes: z.number().nullable() });

/** Where instances run: how many fit, and the nodes that the recommendation takes. */
export const Placement = z.object({
  /** Most instances that nodes and quota take, a rolling update included. */
  most: z.number().int(),
  perNode: z.number().int(),
  nodes: z.number().int(),
  why: z.string(),
});
export type Placement = z.infer<typeof Placement>;

/** What a container asks for and may take: as set, and as its use suggests. */
export const Container = z.object({
  requests: Amounts,
  limits: Amounts,
  recommended: z.object({ requests: Amounts, limits: Amounts }),
  why: z.array(z.string()),
});
export type Container = z.infer<typeof Container>;

/**
 * When today's size no longer suffices: days by which one simulated path in ten, five in ten and nine in ten have passed
 * it; null: not within the horizon.
 */
export const RunsOut = z.object({
  early: Day.nullable(),
  likely: Day.nullable(),
  late: Day.nullable(),
  /** It may be any day from now on and may be never: no date says anything. */
  isOpen: z.boolean().default(false),
});
export type RunsOut = z.infer<typeof RunsOut>;

export const SizingLine = z.object({
  resource: z.string(),
  unit: z.string(),
  /** What is there today, in the unit; null: not said. */
  current: z.number().nullable(),
  /** By name, such as an instance class. */
  currentName: z.string().nullable(),
  /** Up to where it grows by itself, such as an autoscaler's maximum; null: it does not. Run-out dates are beyond it. */
  growsTo: z.number().nullable(),
  /** At the horizon, redundancy included. */
  need: z.object({ p50: z.number(), p90: z.number() }),
  recommended: z.number(),
  recommendedName: z.string().nullable(),
  change: z.number().nullable(),
  capacity: z.object({
    value: z.number(),
    /** What the value is of: "per-second per instance". */
    unit: z.string(),
    source: z.enum(["measured", "inferred", "documented"]),
  }),
  runsOut: RunsOut.nullable(),
  /** Share of the simulated paths that pass what is there within the horizon; null: not known. */
  runsOutChance: z.number().min(0).max(1).nullable().default(null),
  /** What it would need if the worst incident that was left out of the forecast came again at the horizon. */
  ifAgain: z
    .object({
      signal: z.string(),
      day: Day,
      change: z.number(),
      need: z.number(),
      holds: z.boolean().nullable(),
    })
    .nullable()
    .default(null),
  /** Early date less the lead time; today when that is past. */
  orderBy: Day.nullable(),
  /** Demands that drive it, and the level up to which today's size (as far as it grows by itself) suffices. */
  ceilings: z.array(z.object({ signal: z.string(), level: z.number() })).default([]),
  bottleneck: z.string(),
  /** null: it suffices by all of them. */
  evidence: EvidenceRank.nullable().default(null),
  /** From the likely demand to the recommendation, in order; the product is the whole of it. */
  margins: z.array(Margin).default([]),
  latent: z.array(Latent).default([]),
  pool: PoolSize.nullable().default(null),
  /** Most that its autoscaler may start, as set; null: none is set. */
  maximum: z.number().nullable().default(null),
  placement: Placement.nullable().default(null),
  container: Container.nullable().default(null),
  /** What all instances together use: in the busiest hour of the last week, and at p90 of the horizon. */
  usage: z
    .array(z.object({ what: z.string(), unit: z.string(), now: z.number(), p90: z.number() }))
    .default([]),
  /** The argument, a sentence each. */
  why: z.array(z.string()),
  /** What is unsafe about today's setting or about the recommendation. */
  warnings: z.array(z.string()),
  operatorsRule: OperatorsRule.nullable(),
});
export type SizingLine = z.infer<typeof SizingLine>;

export const RefusedSizing = z.object({ resource: z.string(), refused: z.string() });
