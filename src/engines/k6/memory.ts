import { type LoadPlan, plannedIterations } from "../../../scenarios/lib/load.ts";

/**
 * What k6 itself takes, and each virtual user, and each request: its trends keep every sample, eight bytes each, in
 * slices that grow by a quarter: seven timings of a request, its duration again under each of its tags, and its
 * iteration's. Measured with k6 2.2.0 (bench/k6-memory.mjs).
 */
const K6_BYTES = 90e6;
const USER_BYTES = 0.4e6;
const REQUEST_BYTES = 150;

/** About how much memory k6 will hold at the end of an open load, bytes; of a closed one the rate is not known. */
export function estimateMemory(plan: LoadPlan): number | null {
  if (plan.model === "closed") return null;
  const requests = plannedIterations(plan) * plan.requestsPerIteration;
  return K6_BYTES + plan.preAllocatedUsers * USER_BYTES + requests * REQUEST_BYTES;
}
