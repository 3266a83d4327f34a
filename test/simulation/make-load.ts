import { pausePerIterationSeconds, requestsPerIteration } from "../../scenarios/lib/frequency.ts";
import type { Journey } from "../../scenarios/lib/journey.ts";
import { type Load, type LoadPlan, planLoad } from "../../scenarios/lib/load.ts";
import type { Draw } from "./draw.ts";

type Shape = (rate: number, seconds: number, draw: Draw) => { scenario: string; load: Load };

const stage = (seconds: number, target: number, phase?: "warm-up" | "spike" | "recovery") => ({
  duration: `${Math.max(1, Math.round(seconds))}s`,
  target,
  ...(phase ? { phase } : {}),
});

const SHAPES: readonly Shape[] = [
  (rate, seconds) => ({
    scenario: "smoke",
    load: {
      model: "open",
      start: rate,
      stages: [stage(seconds * 0.15, rate, "warm-up"), stage(seconds * 0.85, rate)],
    },
  }),
  (rate, seconds) => ({
    scenario: "average",
    load: {
      model: "open",
      stages: [stage(seconds * 0.1, rate), stage(seconds * 0.8, rate), stage(seconds * 0.1, 0)],
    },
  }),
  (rate, seconds) => ({
    scenario: "spike",
    load: {
      model: "open",
      stages: [
        stage(seconds * 0.1, rate),
        stage(seconds * 0.4, rate),
        stage(seconds * 0.1, rate * 3, "spike"),
        stage(seconds * 0.2, rate * 3, "spike"),
        stage(seconds * 0.2, rate, "recovery"),
      ],
    },
  }),
  (rate, seconds) => ({
    scenario: "breakpoint",
    load: {
      model: "open",
      stages: [1, 2, 3].flatMap((step) => [
        stage(2, (rate * step) / 2),
        stage(seconds / 3, (rate * step) / 2),
      ]),
    },
  }),
  (rate, seconds, draw) => {
    const users = draw.whole(1, Math.max(2, Math.min(12, Math.round(rate / 3))));
    return {
      scenario: "stress",
      load: {
        model: "closed",
        stages: [stage(seconds * 0.1, users), stage(seconds * 0.8, users), stage(seconds * 0.1, 0)],
      },
    };
  },
];

/** A load of about so many requests, in one of the shapes that systems have. */
export function makeLoad(journey: Journey, requests: number, draw: Draw) {
  const seconds = draw.whole(10, 60);
  const rate = Number((requests / seconds).toPrecision(2));
  const { scenario, load } = draw.pick(SHAPES)(rate, seconds, draw);
  // A closed load is as fast as its answers: a short one is enough.
  const settled = load.model === "closed" ? shortened(load) : load;
  return { scenario, load: settled, plan: planOf(journey, settled) };
}

const shortened = (load: Load): Load => ({
  ...load,
  stages: load.stages.map((one, at) => ({ ...one, duration: at === 1 ? "10s" : "2s" })),
});

export function planOf(journey: Journey, load: Load): LoadPlan {
  return planLoad(load, {
    requestsPerIteration: requestsPerIteration(journey),
    pauseSeconds: pausePerIterationSeconds(journey),
  });
}
