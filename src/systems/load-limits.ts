import { pausePerIterationSeconds, timesByEndpoint } from "../../scenarios/lib/frequency.ts";
import { type Journey, setupRequests } from "../../scenarios/lib/journey.ts";
import { type LoadPlan, plannedIterations } from "../../scenarios/lib/load.ts";

/** What an iteration without a think time is taken to last at least, seconds: a closed load has no rate of its own. */
const LEAST_ITERATION_SECONDS = 1;

/** What a load costs, estimated. */
export interface Spend {
  readonly usd: number;
  /** Requests that cost, by endpoint. */
  readonly requests: readonly {
    readonly endpoint: string;
    readonly count: number;
    readonly usdEach: number;
  }[];
  /** More than this is not spent without being asked. */
  readonly unaskedUsd: number;
  readonly why: string;
}

/** null: the journey's answers cost nothing. */
export function spendOf(journey: Journey, plan: LoadPlan): Spend | null {
  const { spends } = journey;
  if (spends === undefined) return null;
  const iterations = iterationsOf(journey, plan);
  const inSetup = setupRequests(journey);
  const times = timesByEndpoint(journey);
  const requests = Object.entries(spends.usdPerRequest).map(([endpoint, usdEach]) => {
    const inLoad = iterations * (times.get(endpoint) ?? 0);
    return { endpoint, count: Math.round(inLoad + (inSetup.get(endpoint) ?? 0)), usdEach };
  });
  const usd = requests.reduce((sum, { count, usdEach }) => sum + count * usdEach, 0);
  return { usd, requests, unaskedUsd: spends.unaskedUsd, why: spends.why };
}

/** A limit on one client that a load exceeds when it comes from one address. */
export interface Exceeded {
  readonly endpoint: string | null;
  readonly perMinute: number;
  readonly limit: number;
  readonly why: string;
}

export function exceededLimits(journey: Journey, plan: LoadPlan): Exceeded[] {
  const perMinute =
    (plan.model === "open" ? plan.peak / plan.requestsPerIteration : busiest(journey, plan)) * 60;
  const times = timesByEndpoint(journey);
  return (journey.limits ?? []).flatMap(({ endpoint, perMinute: limit, why }) => {
    const each = endpoint === undefined ? plan.requestsPerIteration : (times.get(endpoint) ?? 0);
    const asked = perMinute * each;
    return asked > limit ? [{ endpoint: endpoint ?? null, perMinute: asked, limit, why }] : [];
  });
}

const iterationSeconds = (journey: Journey) =>
  Math.max(LEAST_ITERATION_SECONDS, pausePerIterationSeconds(journey));

/** Iterations per second of the most users of a closed load. */
const busiest = (journey: Journey, plan: LoadPlan) => plan.peak / iterationSeconds(journey);

/** Iterations of a whole load; of a closed one at most, because its answers take time too. */
function iterationsOf(journey: Journey, plan: LoadPlan): number {
  const area = plannedIterations(plan);
  // For users the area under the stages is user-seconds.
  return plan.model === "open" ? area : (area * plan.requestsPerIteration) / iterationSeconds(journey);
}
