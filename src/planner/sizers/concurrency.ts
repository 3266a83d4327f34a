import { z } from "zod";
import { formatNumber, formatQuantity } from "../../model/unit.ts";
import { serversFor } from "../../stats/erlang-c.ts";
import { lessThanAll, name, seconds, whole } from "./params.ts";
import { defineSizer, isRefused } from "./sizer.ts";

const Params = z
  .strictObject({
    demand: name.describe("Arrivals, per second."),
    seconds: seconds.optional().describe("How long one arrival is served: the service time."),
    secondsSignal: name
      .optional()
      .describe("Instead: signal of that time; the median of the last week's busy hours."),
    mostWaiting: lessThanAll.describe("Share of arrivals that may find every slot taken."),
    current: whole.optional().describe("Slots today. Left out: not known, and no run-out date is given."),
  })
  .refine((one) => (one.seconds === undefined) !== (one.secondsSignal === undefined), {
    message: "give exactly one of seconds and secondsSignal",
  });

/** Parallel slots of a slow service, such as an LLM: Little's law for the mean, Erlang C for the queue before it. */
export const concurrency = defineSizer<z.infer<typeof Params>>({
  describes: "slots of a slow service (LLM): Little's law, and Erlang C for how many wait",
  params: Params,
  reads: ({ demand, secondsSignal }) => ({
    signals: secondsSignal === undefined ? [demand] : [demand, secondsSignal],
    units: [
      { signal: demand, unit: "per-second" },
      { signal: secondsSignal, unit: "seconds" },
    ],
  }),
  size({ demand, seconds: fixed, secondsSignal, mostWaiting, current }, context) {
    // Whoever finds every slot taken waits at once: the highest point of a day counts, not the mean of its busiest hour.
    const path = context.highest(demand);
    if (isRefused(path)) return path;
    const held = fixed ?? context.recent(secondsSignal ?? "");
    if (held === null || !(held > 0)) return { refused: `no service time: ${secondsSignal} has no history` };
    const last = path.p90.at(-1) as number;
    const waiting = formatQuantity(mostWaiting, "ratio");
    return {
      unit: "slots",
      current: current ?? null,
      drivers: [
        {
          name: "concurrency",
          levels: path,
          need: (level) => serversFor(level * held, mostWaiting),
          capacity: {
            value: 1 / held,
            unit: "per-second per slot",
            source: fixed === undefined ? "inferred" : "documented",
          },
          why: [
            `Little's law at p90 of the horizon: ${formatQuantity(last, "per-second")} × ${formatQuantity(held, "seconds")} = ${formatNumber(last * held)} at once on average`,
            `Erlang C: enough slots that at most ${waiting} of the requests wait for one`,
          ],
          margins: (level) => [
            {
              name: `at most ${waiting} wait for a slot`,
              factor: serversFor(level * held, mostWaiting) / (level * held),
            },
          ],
        },
      ],
      choose: (need) => ({ value: Math.ceil(need), name: null }),
      warn: () =>
        current === undefined ? ["nobody has said how many slots run today: no run-out date"] : [],
      operatorsRule: null,
    };
  },
});
