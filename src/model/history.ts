import { z } from "zod";

/** What was before the fine grid, on a coarser one: up to a year and more, for the season. */
export const OlderHistory = z.object({
  start: z.iso.datetime(),
  stepSeconds: z.number().positive().max(3600),
  values: z.array(z.number().nullable()),
});
export type OlderHistory = z.infer<typeof OlderHistory>;

/** One signal's history on a regular grid. */
export const SignalHistory = z.object({
  id: z.string(),
  /** As it was sent, durations filled in. */
  query: z.string(),
  /** One per step from `start` on; null where the server had none. */
  values: z.array(z.number().nullable()),
  /** The days before `start`, where a longer history was asked for. */
  older: OlderHistory.optional(),
  /** Resets of the counters under the query; null when that could not be asked. */
  resets: z.number().nonnegative().nullable(),
  /** The server gave less than was asked for. */
  truncated: z.boolean(),
  warnings: z.array(z.string()),
  /** Why there is no history, or null. */
  failure: z.string().nullable(),
});
export type SignalHistory = z.infer<typeof SignalHistory>;

/** What Prometheus knew of a system, taken once so that a plan can be made anywhere and again. */
export const History = z.object({
  schema: z.literal("headroom/history@1"),
  system: z.string(),
  /** Where it was taken from, without credentials. */
  source: z.string(),
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  /** At most an hour: demand is the busiest hour of a day. */
  stepSeconds: z.number().positive().max(3600),
  signals: z.array(SignalHistory),
});
export type History = z.infer<typeof History>;
