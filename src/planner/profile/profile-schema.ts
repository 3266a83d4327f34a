import { z } from "zod";
import { type DurationBounds, isValidDuration, isWithin } from "../../systems/duration.ts";
import { assumed } from "../../systems/thresholds-schema.ts";
import { emitters } from "../emit/index.ts";
import { sizers } from "../sizers/index.ts";
import { name, share } from "../sizers/params.ts";
import { BOUNDS } from "./profile.ts";

const why = z
  .string()
  .trim()
  .min(10)
  .describe("Where the figure comes from and what breaks beyond it. Required.");
const duration = z.string().refine(isValidDuration, "write it like 15s, 5m or 90d");
const within = (bounds: DurationBounds) =>
  z.string().refine((text) => isWithin(text, bounds), `write a time from ${bounds.least} to ${bounds.most}`);

export const SignalEntry = z.strictObject({
  id: name.describe("Short name, unique in the file."),
  role: z
    .enum(["demand", "utilisation", "limit", "count"])
    .describe("`demand` is forecast and shown first; the others are read by sizers."),
  unit: z
    .enum(["per-second", "cores", "bytes", "count", "seconds", "ratio", "number"])
    .describe("Unit of the query's values; a signal of another unit than its sizer needs is an error."),
  kind: z
    .enum(["flow", "stock"])
    .default("flow")
    .describe("A stock, such as stored bytes, adds up: growth and events speed its increase."),
  query: z
    .string()
    .min(1)
    .describe("PromQL that gives one series; `$window` is the rate window, four scrapes or a step."),
  caveat: z
    .string()
    .trim()
    .min(10)
    .optional()
    .describe("Why its values may not be what they seem, and the cure; shown with the plan's data."),
  assumed,
  why,
});

export const SizingEntry = z.strictObject({
  resource: name.describe("Name of the resource, unique in the file."),
  sizer: z
    .enum(Object.keys(sizers) as [string, ...string[]])
    .describe("How the resource is sized; each sizer has its own parameters."),
  leadTime: duration.optional().describe("From ordering to serving. Default: the profile's."),
  with: z.record(z.string(), z.unknown()).describe("The sizer's own parameters."),
  assumed,
  why,
});

/** profiles/<system>.yaml as it is written. */
export const ProfileFile = z.strictObject({
  schema: z.literal("headroom/profile@1").describe("Name and version of this format."),
  system: name.describe("Name of the system, as in the file's own name."),
  history: z
    .strictObject({
      length: within(BOUNDS.length)
        .default("400d")
        .describe(
          "How far back is asked, as far as the server keeps it: from 13 months on the season joins in.",
        ),
      step: within(BOUNDS.step).default("5m").describe("Resolution that is asked for, at most 1h."),
      scrape: within(BOUNDS.scrape).default("15s").describe("How often Prometheus scrapes."),
    })
    .prefault({})
    .describe("The history that Prometheus is asked for."),
  horizon: within(BOUNDS.horizon).default("90d").describe("How far ahead is planned."),
  leadTime: duration.default("14d").describe("From ordering a resource to its serving."),
  assumed: z
    .array(z.string().min(1))
    .optional()
    .describe("Fields of the file's head that no document of the operators gives: leadTime, horizon."),
  calendar: z
    .strictObject({
      country: z.string().describe("Two letters (ISO 3166), such as DE."),
      state: z.string().optional().describe("Where its public holidays differ, such as BY."),
    })
    .optional()
    .describe("Whose public holidays the demand follows. Left out: none is known of."),
  operatorsForecast: z
    .discriminatedUnion("rule", [
      z.strictObject({
        rule: z
          .literal("least-squares")
          .describe("`least-squares`: the last sample, carried on with the slope of the least-squares line."),
      }),
      z.strictObject({
        rule: z
          .literal("p95-growth")
          .describe("`p95-growth`: the 95th percentile of the history, times one plus a flat growth."),
        growth: share.describe("Flat growth on the 95th percentile, such as 20%."),
      }),
    ])
    .optional()
    .describe("How the operators foresee demand today; shown beside Headroom's forecast."),
  signals: z.array(SignalEntry).min(1).describe("What Prometheus shows of the system, a query each."),
  sizing: z
    .array(SizingEntry)
    .min(1)
    .describe("Resources that are sized, in this order: a sizer may read those before it."),
  emit: z
    .strictObject(
      Object.fromEntries(
        Object.entries(emitters).map(([key, { params, describes }]) => [
          key,
          params.optional().describe(`Writes ${describes}.`),
        ]),
      ),
    )
    .prefault({})
    .describe("Files that take the recommendation to where it is edited."),
});
export type ProfileWire = z.output<typeof ProfileFile>;
