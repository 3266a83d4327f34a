import { type LoadPlan, plannedIterations } from "../../scenarios/lib/load.ts";
import type { EndpointTimes } from "./journey-times.ts";
import type { Measured } from "./step.ts";
import type { Usual } from "./usual.ts";

/** Fewer seconds of a timeline tell nothing of what grows. */
const LEAST_SECONDS = 2;

/** Nor does a step of fewer iterations. */
const LEAST_ITERATIONS = 2;

/** What was due in the seconds of a step and what was answered, in requests of the journey's mix. */
export interface Backlog {
  readonly seconds: number;
  readonly due: number;
  /** Each answer weighed by the work that its endpoint usually is: the first requests of an iteration may be its lightest. */
  readonly answered: number;
  /** Of `due`, what a queue would have shown in: it is seen only when the first that waited are answered. */
  readonly telling: number;
  /** How far what is left unanswered grew: due − answered. */
  readonly growth: number;
  /** Standard deviation of the growth where none is: of the work of `due` requests, and of what is in flight at both ends. */
  readonly chance: number;
  /** The endpoint that falls furthest behind what is due of it, and by what share. */
  readonly behind: { readonly endpoint: string; readonly share: number; readonly deviations: number } | null;
}

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Little's law over a span: what is in flight changes by arrivals less answers. An endpoint's requests are due as long after
 * an iteration begins as the steps before take, with their pauses. Null: too few seconds, or nothing counted.
 */
export function backlogOf(
  run: Measured,
  plan: LoadPlan,
  endpoints: readonly EndpointTimes[],
  usual: Usual,
  span: Span,
): Backlog | null {
  const { periodMs } = run.timeline;
  const [from, to] = [Math.ceil(span.startMs / periodMs), Math.floor(span.endMs / periodMs)];
  if (to - from < LEAST_SECONDS) return null;
  const perIteration = { requests: 0, work: 0 };
  const sums = { due: 0, answered: 0 };
  let behind: Backlog["behind"] = null;
  let beforeMs = 0;
  for (const { endpoint, times, pausedSeconds } of endpoints) {
    const weight = usual.meanMs.get(endpoint) ?? 0;
    beforeMs += times * weight;
    const lateMs = pausedSeconds * 1000 + beforeMs;
    const begun = (second: number) => plannedIterations(plan, Math.max(0, second * periodMs - lateMs));
    const due = times * (begun(to) - begun(from));
    const answered = countOf(run, endpoint, from, to);
    if (answered === null) return null;
    perIteration.requests += times;
    perIteration.work += times * weight;
    sums.due += weight * due;
    sums.answered += weight * answered;
    const deviations = (due - answered) / Math.sqrt(due * Math.max(1, usual.variance) + 1);
    if (behind === null || deviations > behind.deviations)
      behind = { endpoint, share: due > 0 ? 1 - answered / due : 0, deviations };
  }
  const inRequests = perIteration.requests / perIteration.work;
  const [due, answered] = [sums.due * inRequests, sums.answered * inRequests];
  const seconds = ((to - from) * periodMs) / 1000;
  const usualSeconds = usual.iterationMs / 1000;
  if (seconds < LEAST_ITERATIONS * usualSeconds) return null;
  const inFlight = ((due / seconds) * usual.iterationMs) / perIteration.requests / 1000;
  return {
    seconds,
    due,
    answered,
    growth: due - answered,
    behind,
    telling: due * (1 - usualSeconds / seconds),
    chance: Math.sqrt(usual.variance * due + 2 * inFlight + 1),
  };
}

function countOf(run: Measured, endpoint: string, from: number, to: number): number | null {
  const line = run.timeline.series.find((one) => one.metric === "requests" && one.endpoint === endpoint);
  if (line === undefined) return null;
  return line.values.slice(from, to).reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
