import { z } from "zod";
import { Assumption } from "./assumption.ts";
import { DemandSeries, ForecastDemand, RefusedDemand } from "./forecast-demand.ts";
import { RefusedSizing, SizingLine } from "./sizing-line.ts";

/** What is known of one signal's history before anything is concluded from it. */
export const DataQuality = z.object({
  signal: z.string().describe("Id of the signal."),
  coverage: z
    .number()
    .min(0)
    .max(1)
    .describe("Share of the history's points that were there, 0 to 1; older hourly points are not counted."),
  days: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .default(null)
    .describe("Whole days whose busy hour is known; null: an older plan did not say."),
  gaps: z.number().int().nonnegative().describe("Holes of two steps or more."),
  resets: z
    .number()
    .nonnegative()
    .nullable()
    .describe("Resets of the counters under its query; null: that could not be asked."),
  truncated: z.boolean().describe("The server says that it gave less than was asked for."),
  warnings: z
    .array(z.string())
    .describe("What the server said, the profile's caveat, and incidents and level shifts that were found."),
});
export type DataQuality = z.infer<typeof DataQuality>;

const Rehearsal = z.object({
  signal: z.string().describe("Demand that the instances are sized for, by the id of its signal."),
  p50: z.number().describe("Its median at the horizon, requests/s."),
  p90: z.number().describe("Its 90th percentile at the horizon, requests/s."),
});

export const Plan = z.object({
  schema: z.literal("headroom/plan@1").describe("Name and version of this format."),
  whatIf: z
    .object({
      instances: z.number().optional().describe("Instances that run instead of the profile's."),
      pool: z.number().optional().describe("Connections that one instance may open instead."),
      class: z.string().optional().describe("Class of the catalogue that runs instead."),
    })
    .optional()
    .describe("What was changed of what runs, for one question; absent: nothing."),
  system: z.string().describe("System that is planned for."),
  asOf: z.iso.datetime().describe("The history's last moment, UTC."),
  horizonDays: z.number().int().positive().describe("How far ahead is planned, days."),
  leadTimeDays: z
    .number()
    .nonnegative()
    .describe("The profile's time from ordering to serving, days; a resource may have its own."),
  source: z.string().describe("Where the history was taken from, without credentials."),
  tightest: z
    .string()
    .nullable()
    .describe("Resource that runs out first; where none does, the fullest; null: nothing could be sized."),
  rehearsal: Rehearsal.nullable().describe(
    "The load that `gate --rate from-plan` offers; null: no instances are sized by a measured capacity, or no forecast.",
  ),
  dataQuality: z.array(DataQuality).describe("What is known of every signal's history."),
  demands: z
    .array(z.union([ForecastDemand, RefusedDemand]))
    .describe("The forecast of every demand, or why there is none."),
  sizing: z
    .array(z.union([SizingLine, RefusedSizing]))
    .describe("The answer for every resource, or why there is none."),
  series: z
    .array(DemandSeries)
    .default([])
    .describe("History and forecast of every demand by day: for pictures, and for a later plan to score."),
  assumptions: z
    .array(Assumption)
    .default([])
    .describe("Figures and names of the profile that no document of the operators gives."),
});
export type Plan = z.infer<typeof Plan>;

/** `2026-11-16` and 3 → `2026-11-19`. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export const isSized = (line: Plan["sizing"][number]): line is SizingLine => !("refused" in line);
export const isForecast = (demand: Plan["demands"][number]): demand is ForecastDemand =>
  !("refused" in demand);
