import { z } from "zod";
import { OperatorsRule } from "./forecast-demand.ts";

const Day = z.iso.date();

/** What an answer rests on, the strongest first. Only the first two say "short" and give dates. */
export const EvidenceRank = z.enum(["observed", "forecast", "latent", "rule"]);
export type EvidenceRank = z.infer<typeof EvidenceRank>;

/** A factor between the likely demand and the recommendation, and its reason. */
export const Margin = z.object({
  name: z.string().describe("Why there is a margin."),
  factor: z.number().describe("What it multiplies the need by: 1.25 for 25% more."),
});
export type Margin = z.infer<typeof Margin>;

/** What can happen beyond what is measured, and what to do about it, the cheapest first. */
export const Latent = z.object({
  what: z.string().describe("What can happen, with its figures."),
  need: z.number().nullable().describe("Size that would bear it, in the line's unit; null: not known."),
  cures: z.array(z.string()).describe("What to do about it, the cheapest first."),
});
export type Latent = z.infer<typeof Latent>;

/** Connections that every instance may open. */
export const PoolSize = z.object({
  instances: z.string().describe("Resource of the instances that hold the pools."),
  current: z.number().int().describe("Most connections that an instance may open today."),
  recommended: z.number().int().describe("Most connections that an instance should open."),
  upTo: z.number().int().describe("Instances up to which pools of the recommended size fit."),
});
export type PoolSize = z.infer<typeof PoolSize>;

const Amounts = z.object({
  cpuCores: z.number().nullable().describe("CPU, cores; null: not set, or nothing to recommend."),
  memoryBytes: z.number().nullable().describe("Memory, bytes; null: not set, or nothing to recommend."),
});

/** Where instances run: how many fit, and the nodes that the recommendation takes. */
export const Placement = z.object({
  most: z.number().int().describe("Most instances that nodes and quota take, a rolling update included."),
  perNode: z.number().int().describe("Instances that fit on a node."),
  nodes: z.number().int().describe("Nodes that the recommendation takes, a rolling update included."),
  why: z.string().describe("The arithmetic, in a sentence."),
});
export type Placement = z.infer<typeof Placement>;

/** What a container asks for and may take: as set, and as its use suggests. */
export const Container = z.object({
  requests: Amounts.describe("Requests as set."),
  limits: Amounts.describe("Limits as set."),
  recommended: z
    .object({
      requests: Amounts.describe("Requests by its use."),
      limits: Amounts.describe("Limits by its use; a CPU limit stays as set."),
    })
    .describe("What its use suggests."),
  why: z.array(z.string()).describe("The argument, a sentence each."),
});
export type Container = z.infer<typeof Container>;

/** When today's size no longer suffices. */
export const RunsOut = z.object({
  early: Day.nullable().describe(
    "Day by which one simulated path in ten has passed it; null: not within the horizon.",
  ),
  likely: Day.nullable().describe("Day by which five in ten have; null: not within the horizon."),
  late: Day.nullable().describe("Day by which nine in ten have; null: not within the horizon."),
  isOpen: z
    .boolean()
    .default(false)
    .describe("It may be any day from now on and may be never: no date says anything."),
});
export type RunsOut = z.infer<typeof RunsOut>;

const CapacityOf = z.object({
  value: z.number().describe("How much, in its own unit."),
  unit: z.string().describe("What the value is of: `requests/s per instance`."),
  source: z
    .enum(["measured", "inferred", "documented"])
    .describe("From capacity.json, from the history (service demand), or from the profile's own figures."),
});

const IfAgain = z.object({
  signal: z.string().describe("Demand that the incident was in, by the id of its signal."),
  day: Day.describe("First day of the incident."),
  change: z.number().describe("How much more than usual its worst day was, relative: 0.6 for 60%."),
  need: z.number().describe("Size that would be needed, in the line's unit."),
  holds: z
    .boolean()
    .nullable()
    .describe("Whether what is there, as far as it grows by itself, suffices; null: not known."),
});

const Usage = z.object({
  what: z.string().describe("CPU or memory."),
  unit: z.string().describe("cores or bytes."),
  now: z.number().describe("In the busiest hour of the last week."),
  p90: z.number().describe("At p90 of the horizon."),
});

export const SizingLine = z.object({
  resource: z.string().describe("Name of the resource in the profile."),
  unit: z.string().describe("Unit of its sizes: instances, vCPU, GiB per node."),
  current: z.number().nullable().describe("What is there today, in the unit; null: not said."),
  currentName: z
    .string()
    .nullable()
    .describe("The same by name, such as an instance class; null: it has none."),
  growsTo: z
    .number()
    .nullable()
    .describe("Size up to which it grows by itself, such as an autoscaler's maximum; null: it does not."),
  need: z
    .object({
      p50: z.number().describe("Of the likely demand."),
      p90: z.number().describe("Of the demand at p90."),
    })
    .describe("Size that is needed at the horizon, redundancy included, in the unit."),
  recommended: z
    .number()
    .describe(
      "Size to have for the need at p90, in the unit; today's where no measurement stands behind it.",
    ),
  recommendedName: z
    .string()
    .nullable()
    .describe("The same by name, such as an instance class; null: it has none."),
  change: z.number().nullable().describe("Recommended less current, in the unit; null: current is not said."),
  capacity: CapacityOf.describe("What one unit, or all that is there, can take."),
  runsOut: RunsOut.nullable().describe(
    "When what is there, as far as it grows by itself, no longer suffices; null: not within the horizon, or not known.",
  ),
  runsOutChance: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe("Share of the simulated paths that pass what is there within the horizon; null: not known."),
  ifAgain: IfAgain.nullable()
    .default(null)
    .describe(
      "If the worst incident that the forecast left out came again at the horizon; null: there was none.",
    ),
  orderBy: Day.nullable().describe(
    "Early date (else the likely one) less the lead time, today when that is past; null: it does not run out.",
  ),
  ceilings: z
    .array(
      z.object({
        signal: z.string().describe("Demand that drives it, by the id of its signal."),
        level: z.number().describe("Level up to which what is there suffices, in the signal's unit."),
      }),
    )
    .default([])
    .describe("How much of each demand what is there can take, as far as it grows by itself."),
  bottleneck: z.string().describe("What asks for the most of it: CPU, memory, concurrency."),
  evidence: EvidenceRank.nullable()
    .default(null)
    .describe(
      "`observed`: the need exceeds what is there today; `forecast`: it will; `latent`: it can; `rule`: only the operators' document says so; null: it suffices.",
    ),
  margins: z
    .array(Margin)
    .default([])
    .describe("From the likely demand to the recommendation, in order; the product is the whole of it."),
  latent: z
    .array(Latent)
    .default([])
    .describe("What can happen beyond what is measured: all pools full, a rolling update, a zone lost."),
  pool: PoolSize.nullable()
    .default(null)
    .describe("Connections that every instance may open; null: the resource is not database connections."),
  maximum: z
    .number()
    .nullable()
    .default(null)
    .describe("Most that its autoscaler may start, as set; null: none is set."),
  placement: Placement.nullable().default(null).describe("Nodes that the instances run on; null: not known."),
  container: Container.nullable()
    .default(null)
    .describe("What one container asks for and may take; null: the profile does not say."),
  usage: z.array(Usage).default([]).describe("What all instances together use."),
  why: z.array(z.string()).describe("The argument, a sentence each."),
  warnings: z
    .array(z.string())
    .describe("What is unsafe about today's setting or about the recommendation, a sentence each."),
  operatorsRule: OperatorsRule.nullable().describe("What the operators' rule gives; null: there is none."),
});
export type SizingLine = z.infer<typeof SizingLine>;

export const RefusedSizing = z.object({
  resource: z.string().describe("Name of the resource in the profile."),
  refused: z.string().describe("Why it could not be sized."),
});
