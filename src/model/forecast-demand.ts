import { z } from "zod";

const Day = z.iso.date();

const Quantiles = z.object({ p10: z.number(), p50: z.number(), p90: z.number() });
export type Quantiles = z.infer<typeof Quantiles>;

export const OperatorsRule = z.object({
  /** null: the rule cannot be applied to this history. */
  value: z.number().nullable(),
  formula: z.string(),
});
export type OperatorsRule = z.infer<typeof OperatorsRule>;

/** A forecast made on an earlier day beside what came after it: every day, or every so many where it is long. */
export const LastForecast = z.object({
  firstDay: Day,
  everyDays: z.number().int().positive(),
  p10: z.array(z.number()),
  p50: z.array(z.number()),
  p90: z.array(z.number()),
  /** null: missing, or left out as an incident. Brought to the level after a shift where one was found. */
  came: z.array(z.number().nullable()),
});
export type LastForecast = z.infer<typeof LastForecast>;

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
  /** The whole of that forecast. */
  lastForecast: LastForecast.nullable().default(null),
});
export type ForecastDemand = z.infer<typeof ForecastDemand>;

export const RefusedDemand = z.object({ signal: z.string(), refused: z.string() });

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
