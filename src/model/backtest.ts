import { z } from "zod";

/** How well a forecast made without the last points of a series would have met them. */
export const BacktestedSeries = z.object({
  id: z.string().describe("Name of the series."),
  method: z.string().describe("How it was forecast, or `refused:` and why it was not."),
  mase: z
    .number()
    .nullable()
    .describe(
      "Mean absolute error over that of the seasonal naive forecast in the history (MASE); null: not forecast, or the history never changes from one season to the next.",
    ),
  smape: z
    .number()
    .nullable()
    .describe("Symmetric mean absolute error (sMAPE), percent; null: not forecast."),
  coverage95: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("Share of the held-out values within the 95% prediction interval; null: not forecast."),
});
export type BacktestedSeries = z.infer<typeof BacktestedSeries>;

export const Backtest = z.object({
  schema: z.literal("headroom/backtest@1").describe("Name and version of this format."),
  season: z.number().int().positive().describe("Season of MASE's scale and of Naive2, in points."),
  horizon: z.number().int().positive().describe("Points that were held out and forecast."),
  series: z.array(BacktestedSeries).describe("Series by series."),
  summary: z
    .object({
      forecast: z.number().int().nonnegative().describe("Series that were forecast."),
      refused: z.number().int().nonnegative().describe("Series that were not; `method` says why."),
      mase: z.number().nullable().describe("Mean of the series' MASE; null: none has one."),
      smape: z.number().nullable().describe("Mean of the series' sMAPE, percent; null: none has one."),
      owa: z
        .number()
        .nullable()
        .describe(
          "Mean of MASE and sMAPE relative to Naive2 on the same series (OWA); below 1 is better than Naive2; null: not known.",
        ),
      coverage95: z.number().nullable().describe("Mean of the series' coverage95; null: none has one."),
      seconds: z.number().nonnegative().describe("Time that the forecasts took, seconds."),
    })
    .describe("All series that were forecast."),
});
export type Backtest = z.infer<typeof Backtest>;
