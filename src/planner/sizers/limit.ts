import { z } from "zod";
import { counted, formatNumber, formatQuantity, GIB } from "../../model/unit.ts";
import { dayName } from "../demand/busy-hour.ts";
import { bytes, name, share } from "./params.ts";
import { defineSizer, isRefused } from "./sizer.ts";

const Params = z
  .strictObject({
    signal: name.describe("What is used, in bytes or a count."),
    current: bytes.describe("The limit today: 500GB, or 10000."),
    usable: share.describe("Share of the limit that may be used at a day's highest point."),
    step: bytes.describe("The recommendation is a multiple of this."),
    growsTo: bytes.optional().describe("Where automatic growth ends."),
    unit: z
      .enum(["GiB", "IOPS", "connections", "count"])
      .describe("Unit of the recommendation; GiB needs a signal in bytes."),
    what: z.string().min(1).describe("What is short: storage, memory, IOPS."),
    operators: z
      .strictObject({
        times: z
          .number()
          .positive()
          .max(1000)
          .optional()
          .describe("Factor on the level that the operators foresee."),
        above: bytes.optional().describe("Level, in the signal's unit, above which the operators act."),
      })
      .optional()
      .describe("The operators' rule: a factor on the level they foresee, or a level above which they act."),
  })
  .refine(({ current, growsTo }) => growsTo === undefined || growsTo >= current, {
    path: ["growsTo"],
    message: "it grows by itself to less than it is: correct growsTo or current",
  });

/** Anything with a limit that usage must stay below: storage, IOPS, memory of an instance, connections. */
export const limit = defineSizer<z.infer<typeof Params>>({
  describes: "storage, IOPS, memory, connections: a limit that the use must stay below by a margin",
  params: Params,
  reads: ({ signal, unit }) => ({
    signals: [signal],
    units: unit === "GiB" ? [{ signal, unit: "bytes" }] : [],
  }),
  size(params, context) {
    // What is full breaks at once: the highest point of a day counts, not the mean of its busiest hour.
    const path = context.highest(params.signal);
    if (isRefused(path)) return path;
    const scale = params.unit === "GiB" ? GIB : 1;
    const current = params.current / scale;
    const shown = (level: number) =>
      params.unit === "GiB" ? formatQuantity(level, "bytes") : formatNumber(level);
    const full = path.p50.findIndex((level) => level > params.current);
    const { growsTo, operators } = params;
    return {
      unit: params.unit,
      current,
      growsTo: growsTo === undefined ? undefined : growsTo / scale,
      drivers: [
        {
          name: params.what,
          levels: path,
          need: (level) => level / scale / params.usable,
          capacity: {
            value: current * params.usable,
            unit: `${params.unit}, ${formatQuantity(params.usable, "ratio")} of the limit`,
            source: "documented",
          },
          why: [
            `${shown(path.p50[0] as number)} in use, ${shown(path.p90.at(-1) as number)} at p90 of the horizon; at most ${formatQuantity(params.usable, "ratio")} of the limit may be`,
            full < 0
              ? `the limit itself, ${shown(params.current)}, is likely not reached within the horizon`
              : `the limit itself, ${shown(params.current)}, is likely reached on ${dayName(path.firstDay + full)}, in ${counted(full + 1, "day")}`,
            ...(growsTo === undefined ? [] : [`grows by itself up to ${shown(growsTo)}`]),
          ],
          margins: () => [
            {
              name: `${formatQuantity(params.usable, "ratio")} of the limit in use`,
              factor: 1 / params.usable,
            },
          ],
        },
      ],
      // A limit that is more than enough is left as it is: lowering it frees nothing, and a disk cannot shrink.
      choose: (need) => ({
        value: Math.max(current, (Math.ceil((need * scale) / params.step - 1e-9) * params.step) / scale),
        name: null,
      }),
      warn: (need) =>
        growsTo !== undefined && need * scale > growsTo
          ? [`automatic growth ends at ${shown(growsTo)}, ${shown(need * scale)} are needed`]
          : [],
      operatorsRule: operators ? operatorsRule(operators, path, scale, params) : null,
    };
  },
});

function operatorsRule(
  { times, above }: NonNullable<z.infer<typeof Params>["operators"]>,
  { signal, operators, p50 }: { signal: string; operators: number | null; p50: Float64Array },
  scale: number,
  { unit }: z.infer<typeof Params>,
) {
  if (times !== undefined)
    return {
      value: operators === null ? null : (operators * times) / scale,
      formula: `${formatNumber(times)} × ${signal} as they foresee it`,
    };
  const level = operators ?? (p50[0] as number);
  return {
    value: level / scale,
    formula: `${signal} as they foresee it; ${level > (above ?? 0) ? "act: it is" : "do nothing: it is not"} above ${formatNumber((above ?? 0) / scale)} ${unit}`,
  };
}
