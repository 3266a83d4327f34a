import type { Capacity } from "../model/capacity.ts";
import { formatNumber } from "../model/unit.ts";
import { fitUsl, type LoadPoint, throughputAt, type Usl } from "../stats/usl.ts";
import type { StepResult } from "./step.ts";

const RESAMPLES = 200;
/** Points the law is worth fitting to: three coefficients need some to be wrong about. */
const LEAST_POINTS = 6;
/** Concurrency must have been varied by this factor. */
const LEAST_RANGE = 4;
/** Resamples in which the fit must succeed for its intervals to mean something. */
const LEAST_FITTED = 0.8;

/** Throughput at the concurrency of every step that held: one that broke has no steady state to speak of. */
export function pointsOf(
  steps: readonly Pick<StepResult, "holds" | "concurrency" | "achieved">[],
): LoadPoint[] {
  return steps.flatMap(({ holds, concurrency, achieved }) =>
    holds === true && concurrency !== null && concurrency > 0 && achieved > 0
      ? [{ concurrency, throughput: achieved }]
      : [],
  );
}

/** The law with 95% bootstrap intervals (points resampled), the same for the same points. */
export function fitWithIntervals(points: readonly LoadPoint[]): Capacity["usl"] {
  const concurrencies = points.map(({ concurrency }) => concurrency);
  const range = Math.max(...concurrencies, 0) / Math.min(...concurrencies, Number.POSITIVE_INFINITY);
  if (points.length < LEAST_POINTS)
    return { refused: `${points.length} points of load are too few: ${LEAST_POINTS} are needed` };
  if (!(range >= LEAST_RANGE))
    return {
      refused: `concurrency varied by a factor of ${formatNumber(range || 1)} only: ${LEAST_RANGE} is needed`,
    };
  const law = fitUsl(points);
  if (law === null) return { refused: "the points do not lie at four different concurrencies" };
  const random = lcg(points.length);
  const resampled = Array.from({ length: RESAMPLES }, () =>
    fitUsl(points.map(() => points[Math.floor(random() * points.length)] as LoadPoint)),
  ).filter((one): one is Usl => one !== null);
  if (resampled.length < LEAST_FITTED * RESAMPLES)
    return { refused: "the points hang on too few concurrencies for an interval" };
  const interval = (read: (one: Usl) => number) => {
    const sorted = resampled.map(read).sort((a, b) => a - b);
    const at = (q: number) => sorted[Math.round(q * (sorted.length - 1))] as number;
    return { low: at(0.025), high: at(0.975) };
  };
  return {
    ...law,
    intervals: {
      alpha: interval(({ alpha }) => alpha),
      beta: interval(({ beta }) => beta),
      gamma: interval(({ gamma }) => gamma),
    },
  };
}

/** Uniform numbers for resampling (Numerical Recipes' quick generator). */
function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** What the law says of a system, in sentences. */
export function describeUsl(usl: Capacity["usl"], points: readonly LoadPoint[]): string[] {
  if ("refused" in usl) return [`no scalability law: ${usl.refused}`];
  const measured = Math.max(...points.map(({ concurrency }) => concurrency));
  const share = (value: number) => `${formatNumber(value * 100)}%`;
  const worse =
    usl.beta === 0 && usl.alpha < 1e-4
      ? "it scales in proportion as far as was measured"
      : usl.beta * measured > usl.alpha
        ? "coherency weighs most: work waits for other work to agree, and more load makes it slower"
        : "contention weighs most: work queues for something there is one of";
  const peak =
    usl.peakConcurrency === null
      ? "throughput never falls"
      : `throughput peaks at ${formatNumber(usl.peakConcurrency)} in flight, ${formatNumber(throughputAt(usl, usl.peakConcurrency))}/s${usl.peakConcurrency > 2 * measured ? `, far outside the ${formatNumber(measured)} that were measured: do not rely on it` : ""}`;
  return [
    `scalability law: contention ${share(usl.alpha)}, coherency ${share(usl.beta)}, ${formatNumber(usl.gamma)}/s for one in flight`,
    `${worse}; ${peak}`,
  ];
}
