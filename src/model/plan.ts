import { z } from "zod";
import { Assumption } from "./assumption.ts";
import { DemandSeries, ForecastDemand, RefusedDemand } from "./forecast-demand.ts";
import { RefusedSizing, SizingLine } from "./sizing-line.ts";

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

export const isSized = (line: Plan["sizing"][number]): line is SizingLine => !("refused" in line);
export const isForecast = (demand: Plan["demands"][number]): demand is ForecastDemand =>
  !("refused" in demand);
