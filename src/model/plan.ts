import { z } from "zod";
import { Assumption } from "./assumption.ts";

const Day = z.iso.date();

/** What is known of one signal's history before anything is concluded from it. */
export const DataQuality = z.object({
  signal: z.string(),
  /** Share of the asked points that were there. */
  coverage: z.number().min(0).max(1),
  /** Days whose busy hour is known: how long the history was. */
  days: z.number().int().nonnegative().nullable().default(null),
  /** Holes of two steps or more. */
  gaps: z.number().int().nonnegative(),
  resets: z.number().nonnegative().nullable(),
  truncated: z.boolean(),
  /** What the server said, and incidents, outliers and level shifts that were found. */
  warnings: z.array(z.string()),
});
export type DataQuality = z.infer<typeof DataQuality>;

const Quantiles = z.object({ p10: z.number(), p50: z.number(), p90: z.number() });
export type Quantiles = z.infer<typeof Quantiles>;

const OperatorsRule = z.object({
  /** null: the rule cannot be applied to this history. */
  value: z.number().nullable(),
  formula: z.string(),
});
export type OperatorsRule = z.infer<typeof OperatorsRule>;

export const ForecastDemand = z.object({
  signal: z.string(),
  unit: z.string(),
  method: z.string(),
  backtest: z.object({
    /** Days ahead of each origin, and how many origins. */
    horizonDays: z.number().int().positive(),
    origins: z.number().int().positive(),
    mase: z.number().nullable(),
    coverage95: z.number().nullable(),
    /** Share of the held-out days between p10 and p90; 0.8 is right. */
    coverage80: z.number().min(0).max(1).nullable().default(null),
    beatsSeasonalNaive: z.boolean(),
  }),
  /** Busy-hour level of the last week: its busiest day, as fitted. */
  now: z.number(),
  /** Growth of the trend alone, relative, per 30 days. */
  growthPer30Days: z.number(),
  /** Busiest day of the horizon's last week, additions included. */
  atHorizon: Quantiles,
  /** The same without growth and events that were added by hand. */
  organic: Quantiles,
  /** What was added by hand: factors on the organic forecast at the horizon. */
  added: z.array(z.object({ name: z.string(), from: Day.nullable(), factor: z.number() })),
  operatorsRule: OperatorsRule.nullable(),
  /** Greatest busy hour of the history. */
  highestSeen: z.number().nullable().default(null),
  /** Why the forecast is to be trusted less, a sentence each: a headline of every report. */
  cautions: z.array(z.string()).default([]),
  /** What the same method said so many days before the history's end of its last week's busiest day, and what came. */
  lastTime: z
    .object({ madeOn: Day, day: Day, p10: z.number(), p50: z.number(), p90: z.number(), came: z.number() })
    .nullable()
    .default(null),
});
export type ForecastDemand = z.infer<typeof ForecastDemand>;

export const RefusedDemand = z.object({ signal: z.string(), refused: z.string() });

/**
 * What an answer rests on, the strongest first: the need measured today exceeds what is there; the forecast passes it;
 * it can happen (all pools full, a rolling update, a zone lost); the operators' document says so and no measurement does.
 * Only the first two say "short" and give dates.
 */
export const Evidence = z.enum(["observed", "forecast", "latent", "rule"]);
export type Evidence = z.infer<typeof Evidence>;

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
  evidence: Evidence.nullable().default(null),
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

/** A demand by day from `firstDay` on: what was seen, then what is forecast; null where there is neither. */
export const DemandSeries = z.object({
  signal: z.string(),
  unit: z.string(),
  firstDay: Day,
  seen: z.array(z.number().nullable()),
  p10: z.array(z.number().nullable()),
  p50: z.array(z.number().nullable()),
  p90: z.array(z.number().nullable()),
});
export type DemandSeries = z.infer<typeof DemandSeries>;

export const Plan = z.object({
  schema: z.literal("headroom/plan@1"),
  /** What was changed of what runs, for one question; absent: nothing. */
  whatIf: z
    .object({ instances: z.number().optional(), pool: z.number().optional(), class: z.string().optional() })
    .optional(),
  system: z.string(),
  /** The history's last moment. */
  asOf: z.iso.datetime(),
  horizonDays: z.number().int().positive(),
  leadTimeDays: z.number().nonnegative(),
  source: z.string(),
  /** Resource that runs out first; null when nothing could be sized. */
  tightest: z.string().nullable(),
  /** The load, requests/s, that `gate --rate from-plan` offers: the demand the API is sized for, at the horizon. */
  rehearsal: z.object({ signal: z.string(), p50: z.number(), p90: z.number() }).nullable(),
  dataQuality: z.array(DataQuality),
  demands: z.array(z.union([ForecastDemand, RefusedDemand])),
  sizing: z.array(z.union([SizingLine, RefusedSizing])),
  /** History and forecast of every demand: what pictures are drawn from, and what a later plan scores. */
  series: z.array(DemandSeries).default([]),
  /** Figures and names of the profile that no document of the operators gives. */
  assumptions: z.array(Assumption).default([]),
});
export type Plan = z.infer<typeof Plan>;

/** `2026-11-16` and 3 → `2026-11-19`. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

const RANKS: readonly (Evidence | null)[] = ["observed", "forecast", "latent", "rule", null];

/** Plans of before evidence was kept gave dates alone. */
export const evidenceOf = ({ evidence, runsOut }: SizingLine): Evidence | null =>
  evidence ?? (runsOut === null ? null : "forecast");

/** Measured or forecast: what may be called short, and has dates. */
export const isShort = (line: SizingLine): boolean => {
  const evidence = evidenceOf(line);
  return evidence === "observed" || evidence === "forecast";
};

/** The strongest evidence first, within it what runs out first, then the greatest share of what is there. */
export function compareUrgency(a: SizingLine, b: SizingLine): number {
  const never = "9999-12-31";
  const dates = ({ runsOut }: SizingLine) =>
    [runsOut?.early ?? never, runsOut?.likely ?? never, runsOut?.late ?? never].join();
  // A need that is today's size whatever comes, as of a cache that fills by design, is no measure of how tight it is.
  const fill = ({ need, current, growsTo }: SizingLine) =>
    need.p50 === need.p90 && need.p90 === current
      ? 0
      : need.p90 / (growsTo ?? current ?? Number.POSITIVE_INFINITY);
  return (
    RANKS.indexOf(evidenceOf(a)) - RANKS.indexOf(evidenceOf(b)) ||
    (dates(a) < dates(b) ? -1 : dates(a) > dates(b) ? 1 : fill(b) - fill(a))
  );
}

export const isSized = (line: Plan["sizing"][number]): line is SizingLine => !("refused" in line);
export const isForecast = (demand: Plan["demands"][number]): demand is ForecastDemand =>
  !("refused" in demand);
