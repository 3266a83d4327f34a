import { isWithoutInformation } from "../../scenarios/lib/answers.ts";
import { timesPerIteration } from "../../scenarios/lib/frequency.ts";
import { type Journey, setupRequests } from "../../scenarios/lib/journey.ts";
import { type LoadPlan, type Phase, plannedIterations } from "../../scenarios/lib/load.ts";
import { placeholdersOf } from "../../scenarios/lib/variables.ts";
import type { ExpectedCalls } from "../model/asked.ts";

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
      needs: [...placeholdersOf(step.path)],
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
 * How many of so many iterations take a step of this probability: the binomial mean, and the range beyond which Chernoff's
 * bound leaves chance exp(−z²/2) a side: n·KL(x/n ‖ p) ≤ z²/2.
 * Source: Boucheron, Lugosi & Massart, *Concentration Inequalities*, §2.2.
 */
export function rangeOfCalls(
  iterations: number,
  probability: number,
): NonNullable<ExpectedCalls["requests"]> {
  const p = Math.min(1, probability);
  const mean = iterations * probability;
  if (p === 0 || p === 1 || iterations === 0) return { mean, low: mean, high: mean };
  return { mean, low: edgeOf(iterations, p, 0), high: edgeOf(iterations, p, iterations) };
}

/** Between the mean and an end, where the divergence reaches the bound; the end itself where it never does. */
function edgeOf(iterations: number, p: number, end: number): number {
  const isBeyond = (count: number) => iterations * divergence(count / iterations, p) > (Z * Z) / 2;
  if (!isBeyond(end)) return end;
  let [inside, outside] = [iterations * p, end];
  for (let step = 0; step < 40; step++) {
    const middle = (inside + outside) / 2;
    if (isBeyond(middle)) outside = middle;
    else inside = middle;
  }
  return inside;
}

/** Kullback and Leibler's, of one coin from another. */
function divergence(q: number, p: number): number {
  const term = (share: number, of: number) => (share === 0 ? 0 : share * Math.log(share / of));
  return term(q, p) + term(1 - q, 1 - p);
}
