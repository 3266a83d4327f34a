import { z } from "zod";

/** How well a forecast made without the last points of a series would have met them. */
export const BacktestedSeries = z.object({
  id: z.string(),
  /** The methods whose median was forecast, the best first, or why there is no forecast. */
  method: z.string(),
  /** null: not forecast, or the history never changes from one season to the next. */
  mase: z.number().nullable(),
  /** Percent. */
  smape: z.number().nullable(),
  /** Share of the actual values within the 95% interval. */
  coverage95: z.number().min(0).max(1).nullable(),
});
export type BacktestedSeries = z.infer<typeof BacktestedSeries>;

export const Backtest = z.object({
  schema: z.literal("headroom/backtest@1"),
  /** Season of the scale and of Naive2, in points. */
  season: z.number().int().positive(),
  horizon: z.number().int().positive(),
  series: z.array(BacktestedSeries),
  summary: z.object({
    forecast: z.number().int().nonnegative(),
    refused: z.number().int().nonnegative(),
    mase: z.number().nullable(),
    smape: z.number().nullable(),
    /** Mean of MASE and sMAPE relative to Naive2 on the same series; below 1 is better than Naive2. */
    owa: z.number().nullable(),
    coverage95: z.number().nullable(),
    seconds: z.number().nonnegative(),
  }),
});
export type Backtest = z.infer<typeof Backtest>;
