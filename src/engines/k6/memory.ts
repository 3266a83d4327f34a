import { type LoadPlan, plannedIterations } from "../../../scenarios/lib/load.ts";

/**
 * What k6 itself takes, and each virtual user with its copy of the script, and each request: trends keep every sample,
 * in slices that grow, again under each of its tags. Measured with k6 2.2.0 as it is run here, with the breakdown by
 * endpoint and phase and with the record (bench/k6-memory.mjs: 1.10 MB a user, 1,191 bytes a request; a script of
 * three tagged thresholds under plain k6 takes 242 bytes a request).
 */
const K6_BYTES = 70e6;
const USER_BYTES = 1.1e6;
const REQUEST_BYTES = 1200;
/** A request under a script without thresholds by endpoint and phase (the same bench, plain k6). */
const BARE_REQUEST_BYTES = 242;

/** About how much memory k6 will hold at the end of an open load, bytes; of a closed one the rate is not known. */
export function estimateMemory(plan: LoadPlan): number | null {
  if (plan.model === "closed") return null;
  const requests = plannedIterations(plan) * plan.requestsPerIteration;
  return K6_BYTES + plan.preAllocatedUsers * USER_BYTES + requests * REQUEST_BYTES;
}

/**
 * The same for one of several generators, which keeps no breakdown. `leastBytes` is there whatever the load;
 * `bytes` is null for a closed one.
 */
export function estimateGeneratorMemory(
  plan: LoadPlan,
  generators: number,
): { readonly leastBytes: number; readonly bytes: number | null } {
  const users = K6_BYTES + (plan.preAllocatedUsers / generators) * USER_BYTES;
  if (plan.model === "closed") return { leastBytes: users, bytes: null };
  const requests = (plannedIterations(plan) * plan.requestsPerIteration) / generators;
  const bytes = users + requests * BARE_REQUEST_BYTES;
  return { leastBytes: bytes, bytes };
}
