import {
  isWithoutInformation,
  type Journey,
  placeholdersOf,
  setupRequests,
  timesPerIteration,
} from "../../scenarios/lib/journey.ts";
import { type LoadPlan, type Phase, plannedIterations } from "../../scenarios/lib/load.ts";
import type { ExpectedCalls } from "../model/run.ts";

/** exp(−z²/2) a side: chance leaves such a range less than once in a hundred thousand times. */
const Z = 5;

/**
 * What a journey under a load asks of every endpoint, before anything is sent. An open load makes a known number of
 * iterations, in each of its phases too; a closed one makes as many as the answers allow.
 */
export function expectCalls(journey: Journey, plan: LoadPlan): ExpectedCalls[] {
  const times = timesPerIteration(journey);
  const setup = setupRequests(journey);
  return journey.steps.map((step, index) => {
    const perIteration = times[index] ?? 0;
    const isOpen = plan.model === "open";
    return {
      endpoint: step.endpoint,
      perIteration,
      setup: setup.get(step.endpoint) ?? 0,
      expectsOnlyErrors: (step.expect ?? [200]).every((status) => isWithoutInformation(step, status)),
      needs: placeholdersOf(step.path),
      requests: isOpen ? rangeOfCalls(plannedIterations(plan), perIteration) : null,
      phases: isOpen
        ? iterationsByPhase(plan).map(({ phase, iterations }) => ({
            phase,
            requests: rangeOfCalls(iterations, perIteration),
          }))
        : [],
    };
  });
}

/** Iterations that an open load begins in each of its phases. */
function iterationsByPhase(plan: LoadPlan): { phase: Phase; iterations: number }[] {
  const byPhase = new Map<Phase, number>();
  let startMs = 0;
  for (const { phase, durationMs } of plan.stages) {
    const endMs = startMs + durationMs;
    const begun = plannedIterations(plan, endMs) - plannedIterations(plan, startMs);
    byPhase.set(phase, (byPhase.get(phase) ?? 0) + begun);
    startMs = endMs;
  }
  return [...byPhase].map(([phase, iterations]) => ({ phase, iterations }));
}

/**
 * How many of so many iterations take a step of this probability: the binomial mean, and the range that Bernstein's
 * inequality gives for it (Boucheron, Lugosi & Massart, *Concentration Inequalities*, §2.8).
 */
export function rangeOfCalls(
  iterations: number,
  probability: number,
): NonNullable<ExpectedCalls["requests"]> {
  const mean = iterations * probability;
  const variance = mean * (1 - Math.min(1, probability));
  const skew = variance > 0 ? (Z * Z) / 3 : 0;
  return {
    mean,
    low: Math.max(0, mean - Z * Math.sqrt(variance)),
    high: Math.min(iterations, mean + Z * Math.sqrt(variance) + skew),
  };
}
