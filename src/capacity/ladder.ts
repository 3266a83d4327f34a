import { requestsPerIteration, timesByEndpoint } from "../../scenarios/lib/frequency.ts";
import type { Journey } from "../../scenarios/lib/journey.ts";
import type { Load, Stage } from "../../scenarios/lib/load.ts";
import type { ClientCriterion } from "../model/criterion.ts";
import { samplesNeeded } from "../stats/quantile-interval.ts";
import { slaOf } from "./read-steps.ts";

const RAMP = "2s";
/** Time at the first rate before anything counts: connections are opened, caches and compilers get warm. */
const WARM_UP = "3s";
/** A step is lengthened up to this until it has the samples its criteria need. */
const LONGEST_HOLD_S = 60;
/** More samples than the least, because iterations come in lumps. */
const SAMPLES_MARGIN = 1.3;

/** Rates as an open load: a warm-up at the first, then every rate reached in a short ramp and held. */
export function ladderOf(rates: readonly number[], holdSeconds: (rate: number) => number): Load {
  const stages = rates.flatMap((rate, index): Stage[] => [
    index === 0
      ? { duration: WARM_UP, target: rate, phase: "warm-up" }
      : { duration: RAMP, target: rate, phase: "ramp" },
    { duration: `${Math.round(holdSeconds(rate))}s`, target: rate, phase: "steady" },
  ]);
  return { model: "open", start: rates[0] ?? 0, stages };
}

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
    Math.min(LONGEST_HOLD_S, Math.max(leastSeconds, (SAMPLES_MARGIN * Math.max(0, ...needs)) / rate));
}
