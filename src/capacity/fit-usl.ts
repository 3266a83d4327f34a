import { type Capacity, type LoadPoint, throughputAt } from "../model/capacity.ts";
import { formatNumber } from "../model/unit.ts";
import { seededRandom } from "../stats/random.ts";
import { fitUsl, type Usl } from "../stats/usl.ts";

const RESAMPLES = 200;
/** Points the law is worth fitting to: three coefficients need some to be wrong about. */
const LEAST_POINTS = 6;
/** Concurrency must have been varied by this factor. */
const LEAST_RANGE = 4;
const COEFFICIENTS = 3;

/**
 * The law with 95% intervals, the same for the same points. The loads were chosen, so they stay and the residuals are
 * drawn again: relative ones, as throughput errs in proportion, widened for the three coefficients that were fitted.
 * Source: Efron & Tibshirani, An Introduction to the Bootstrap, §9.4.
 */
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
  const widening = Math.sqrt(points.length / (points.length - COEFFICIENTS));
  const residuals = points.map(
    ({ concurrency, throughput }) => (throughput / throughputAt(law, concurrency) - 1) * widening,
  );
  const random = seededRandom(points.length);
  const draw = () => residuals[Math.floor(random() * residuals.length)] as number;
  const resampled = Array.from({ length: RESAMPLES }, () =>
    fitUsl(
      points.map(({ concurrency }) => ({
        concurrency,
        throughput: Math.max(0, throughputAt(law, concurrency) * (1 + draw())),
      })),
    ),
  ).filter((one): one is Usl => one !== null);
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
