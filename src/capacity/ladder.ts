import { requestsPerIteration, timesByEndpoint } from "../../scenarios/lib/frequency.ts";
import type { Journey } from "../../scenarios/lib/journey.ts";
import type { Load, Stage } from "../../scenarios/lib/load.ts";
import type { ClientCriterion } from "../model/criterion.ts";
import { samplesNeeded } from "../stats/quantile-interval.ts";
import { slaOf } from "./sla.ts";

const RAMP_S = 2;
/** Time at the first rate before anything counts: connections are opened, caches and compilers get warm. */
const WARM_UP_S = 3;
/** The last rate goes on for a moment, so that the last second that counts is a whole one on every clock. */
const TAIL_S = 1;
/** A step is lengthened up to this until it has the samples its criteria need. */
const LONGEST_HOLD_S = 60;
/** More samples than the least, because iterations come in lumps. */
const SAMPLES_MARGIN = 1.3;

/** Rates as an open load: a warm-up at the first, then every rate reached in a short ramp and held. */
export function ladderOf(rates: readonly number[], holdSeconds: (rate: number) => number): Load {
  const stages = rates.flatMap((rate, index): Stage[] => [
    index === 0
      ? { duration: `${WARM_UP_S}s`, target: rate, phase: "warm-up" }
      : { duration: `${RAMP_S}s`, target: rate, phase: "ramp" },
    { duration: `${Math.round(holdSeconds(rate))}s`, target: rate, phase: "steady" },
  ]);
  const last = rates.at(-1) ?? 0;
  return {
    model: "open",
    start: rates[0] ?? 0,
    stages: [...stages, { duration: `${TAIL_S}s`, target: last, phase: "ramp-down" }],
  };
}

/** Seconds that a rate takes beside its hold: warm-up, tail, the engine's own start and the target's recovery. */
export const BESIDE_S = WARM_UP_S + TAIL_S + 2;

/** Seconds a rate must be held so that every latency criterion has its samples, at least `leastSeconds`. */
export function holdFor(
  journey: Journey,
  criteria: readonly ClientCriterion[],
  leastSeconds: number,
): (rate: number) => number {
  const times = timesByEndpoint(journey);
  const total = requestsPerIteration(journey);
  const needs = slaOf(criteria).map(({ stat, tags }) => {
    const share = tags.name === undefined ? 1 : (times.get(tags.name) ?? total) / total;
    return (stat.kind === "quantile" ? samplesNeeded(stat.q) : 1) / share;
  });
  return (rate) =>
    Math.max(leastSeconds, Math.min(LONGEST_HOLD_S, (SAMPLES_MARGIN * Math.max(0, ...needs)) / rate));
}
