import { z } from "zod";

const Day = z.iso.date();

const p10 = z.number().describe("10th percentile of the simulated paths.");
const p50 = z.number().describe("Median of the simulated paths.");
const p90 = z.number().describe("90th percentile of the simulated paths.");

const Quantiles = z.object({ p10, p50, p90 });
export type Quantiles = z.infer<typeof Quantiles>;

export const OperatorsRule = z.object({
  value: z
    .number()
    .nullable()
    .describe(
      "What it gives at the horizon, in the unit of the demand or resource; null: it cannot be applied.",
    ),
  formula: z.string().describe("The rule with its figures, in words."),
});
export type OperatorsRule = z.infer<typeof OperatorsRule>;

/** A forecast made on an earlier day beside what came after it. */
export const LastForecast = z.object({
  firstDay: Day.describe("First day that was forecast."),
  everyDays: z
    .number()
    .int()
    .positive()
    .describe("Days from one value to the next: 1, or more where the forecast is long."),
  p10: z.array(z.number()).describe("Level that one path in ten stays below, in the unit."),
  p50: z.array(z.number()).describe("Median of the paths, in the unit."),
  p90: z.array(z.number()).describe("Level that one path in ten passes, in the unit."),
  came: z
    .array(z.number().nullable())
    .describe(
      "Busy hour that came, brought to the level after a shift where one was found; null: missing, or left out as an incident.",
    ),
});
export type LastForecast = z.infer<typeof LastForecast>;

/** A forecast scored on days that were held out. */
const Trial = z.object({
  horizonDays: z.number().int().positive().describe("Days that were forecast from each origin."),
  origins: z.number().int().positive().describe("Days of the history that it was forecast from."),
  mase: z
    .number()
    .nullable()
    .describe(
      "Mean absolute error over that of the weekly naive forecast (MASE); null: no week differs from the one before.",
    ),
  coverage95: z
    .number()
    .nullable()
    .describe("Share of the held-out days within the 95% prediction interval; null: not known."),
  coverage80: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe(
      "Share of the held-out days between p10 and p90; 0.8 is right; null: an older plan did not say.",
    ),
  beatsSeasonalNaive: z
    .boolean()
    .describe("Its mean absolute error is at most that of repeating the last week."),
});

const Added = z.object({
  name: z.string().describe("`growth`, or the event's name."),
  from: Day.nullable().describe("First day of the event; null: growth, which is spread over the horizon."),
  factor: z
    .number()
    .describe("Factor at the horizon on the organic forecast; of a stock, on its daily increase."),
});

const LastTime = z.object({
  madeOn: Day.describe("Last day that the forecast knew."),
  day: Day.describe("Day that was forecast: the busiest of the history's last week."),
  p10,
  p50,
  p90,
  came: z.number().describe("Busy hour that came on that day, in the unit."),
});

export const ForecastDemand = z.object({
  signal: z.string().describe("Id of the signal."),
  unit: z.string().describe("Unit of all its levels."),
  method: z.string().describe("What the forecast is made of, in words."),
  backtest: Trial.describe("How the same method did on earlier days of the history."),
  now: z.number().describe("Greatest busy hour of the last seven days that were no incident, in the unit."),
  growthPer30Days: z.number().describe("Growth of the trend alone, relative, per 30 days: 0.05 for 5%."),
  atHorizon: Quantiles.describe(
    "Busy hour on the busiest day of the horizon's last week, additions included.",
  ),
  organic: Quantiles.describe("The same without growth and events that were added by hand."),
  added: z.array(Added).describe("Growth and events that were added by hand."),
  operatorsRule: OperatorsRule.nullable().describe(
    "How the operators foresee it; null: the profile has no such rule.",
  ),
  highestSeen: z
    .number()
    .nullable()
    .default(null)
    .describe("Greatest busy hour of the history, in the unit; null: an older plan did not say."),
  cautions: z
    .array(z.string())
    .default([])
    .describe("Why the forecast is to be trusted less, a sentence each."),
  lastTime: LastTime.nullable()
    .default(null)
    .describe(
      "What the same method said earlier of the last week's busiest day, and what came; null: not known.",
    ),
  lastForecast: LastForecast.nullable()
    .default(null)
    .describe("The whole of that forecast; null: the history is too short, or an older plan did not say."),
});
export type ForecastDemand = z.infer<typeof ForecastDemand>;

export const RefusedDemand = z.object({
  signal: z.string().describe("Id of the signal."),
  refused: z.string().describe("Why there is no forecast."),
});

/** A demand by day from `firstDay` on: what was seen, then what is forecast; null where there is neither. */
export const DemandSeries = z.object({
  signal: z.string().describe("Id of the signal."),
  unit: z.string().describe("Unit of all values."),
  firstDay: Day.describe("Day of the first value of every list, UTC."),
  seen: z.array(z.number().nullable()).describe("Busy hour of each day; null: not seen, or still ahead."),
  p10: z.array(z.number().nullable()).describe("10th percentile of the forecast by day; null: not ahead."),
  p50: z.array(z.number().nullable()).describe("Median of the forecast by day; null: not ahead."),
  p90: z.array(z.number().nullable()).describe("90th percentile of the forecast by day; null: not ahead."),
});
export type DemandSeries = z.infer<typeof DemandSeries>;

/** A level as it is kept by day: more digits than a picture or a score can tell make a file large. */
export const sixDigits = (value: number): number => Number(value.toPrecision(6));
