import { pausePerIterationSeconds, requestsPerIteration } from "../../scenarios/lib/frequency.ts";
import type { Journey } from "../../scenarios/lib/journey.ts";
import { type Load, type LoadPlan, planLoad } from "../../scenarios/lib/load.ts";
import type { ClientCriterion } from "../model/criterion.ts";
import { journeyTimes } from "./journey-times.ts";
import { BESIDE_S, holdFor, ladderOf } from "./ladder.ts";
import { type LastSecond, OverloadWatch } from "./overload-watch.ts";
import { readSteps } from "./read-steps.ts";
import type { Ask, Probe } from "./search.ts";
import type { Measured, StepResult } from "./step.ts";
import type { Usual } from "./usual.ts";

/** One load to be made. */
export interface ProbeOrder {
  readonly rates: readonly number[];
  readonly load: Load;
  readonly plan: LoadPlan;
  /** Ends the load gently; what was measured is still returned. */
  readonly signal: AbortSignal;
  readonly onSecond: (second: LastSecond) => void;
}

/** Where the loads of a search go. */
export interface ProbeTarget {
  load(order: ProbeOrder): Promise<Measured>;
  /** Resolves when a target that was overloaded answers as before, or does not for long. */
  recover(): Promise<void>;
  readonly signal: AbortSignal;
  say(steps: readonly StepResult[]): void;
}

/** Until a light load was seen, answers are taken to vary so much. */
const UNKNOWN_VARIANCE = 2;
/** Deviations within which a step's doubt is meant. */
const DEVIATIONS = 2.3;
/** No step is held longer for its precision alone. */
const LONGEST_S = 120;
/** Shorter than this a step tells nothing. */
const SHORTEST_S = 2;

/** Runs rates as one load each, stops when they are clearly more than the target takes, and lets it recover. */
export function proberOf(
  journey: Journey,
  criteria: readonly ClientCriterion[],
  holdMs: number,
  target: ProbeTarget,
): Probe {
  const endpoints = journeyTimes(journey);
  const perIteration = {
    requestsPerIteration: requestsPerIteration(journey),
    pauseSeconds: pausePerIterationSeconds(journey),
  };
  const limitsMs = criteria
    .filter(({ metric }) => metric === "http_req_duration")
    .map(({ bound }) => bound.value);
  const needed = holdFor(journey, criteria, holdMs / 1000);
  let usual: Usual | null = null;
  return async (ask) => {
    if (target.signal.aborted) return [];
    const variance = usual?.variance ?? UNKNOWN_VARIANCE;
    const hold = holdsOf(ask, needed, variance);
    if (hold === null) return [];
    const load = ladderOf(ask.rates, hold);
    const plan = planLoad(load, perIteration);
    const watch = new OverloadWatch(plan, endpoints, limitsMs, variance);
    const run = await target.load({
      rates: ask.rates,
      load,
      plan,
      signal: AbortSignal.any([target.signal, watch.signal]),
      onSecond: (second) => watch.look(second),
    });
    const read = readSteps(run, { plan, criteria, endpoints, usual, stopped: watch.stopped });
    usual = read.usual;
    target.say(read.steps);
    if (read.steps.some(({ holds }) => holds === false)) await target.recover();
    return read.steps;
  };
}

/** How long each rate is held; null: no time is left for a step that could tell anything. */
function holdsOf(
  { rates, doubt, secondsLeft }: Ask,
  needed: (rate: number) => number,
  variance: number,
): ((rate: number) => number) | null {
  const most = secondsLeft - BESIDE_S;
  const [first = 0] = rates;
  if (most < Math.max(SHORTEST_S, rates.length > 1 ? needed(first) : SHORTEST_S)) return null;
  if (rates.length > 1) return needed;
  // n requests leave √(variance / n) to chance.
  const forDoubt = (rate: number) => (variance * DEVIATIONS ** 2) / (doubt ** 2 * rate);
  return (rate) => Math.floor(Math.min(most, Math.max(needed(rate), Math.min(LONGEST_S, forDoubt(rate)))));
}
