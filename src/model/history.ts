import { z } from "zod";

/** What was before the fine grid, on a coarser one: up to a year and more, for the season. */
export const OlderHistory = z.object({
  start: z.iso.datetime().describe("Time of the first value, UTC."),
  stepSeconds: z.number().positive().max(3600).describe("Time between two values, seconds; at most an hour."),
  values: z.array(z.number().nullable()).describe("A value a step; null where the server had none."),
});
export type OlderHistory = z.infer<typeof OlderHistory>;

/** One signal's history on a regular grid. */
export const SignalHistory = z.object({
  id: z.string().describe("The signal's id in the profile."),
  query: z.string().describe("PromQL as it was sent, durations filled in."),
  values: z
    .array(z.number().nullable())
    .describe("A value a step from `start` on, in the signal's unit; null where the server had none."),
  older: OlderHistory.optional().describe("The days before `start`, where a longer history was asked for."),
  resets: z
    .number()
    .nonnegative()
    .nullable()
    .describe("Resets of the counters under the query, summed; null: that could not be asked."),
  truncated: z.boolean().describe("The server says that it gave less than was asked for."),
  warnings: z.array(z.string()).describe("What the server warned of, and what could not be read."),
  failure: z.string().nullable().describe("Why there is no history; null: there is one."),
});
export type SignalHistory = z.infer<typeof SignalHistory>;

/** What Prometheus knew of a system, taken once so that a plan can be made anywhere and again. */
export const History = z.object({
  schema: z.literal("headroom/history@1").describe("Name and version of this format."),
  system: z.string().describe("System whose signals these are."),
  source: z.string().describe("Where it was taken from, without credentials, or what `--source` says."),
  start: z.iso.datetime().describe("Time of the first value of every signal, UTC."),
  end: z.iso.datetime().describe("Time of the last value, UTC."),
  stepSeconds: z
    .number()
    .positive()
    .max(3600)
    .describe("Time between two values, seconds; at most an hour, as demand is the busiest hour of a day."),
  signals: z.array(SignalHistory).describe("Every signal of the profile."),
});
export type History = z.infer<typeof History>;
