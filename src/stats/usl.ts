import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { type LoadPoint, throughputAt } from "../model/capacity.ts";

/** X(N) = γN / (1 + α(N − 1) + βN(N − 1)) (Gunther, Universal Scalability Law). */
export interface Usl {
  /** Contention, 0 to 1: the share of work that cannot be done at once. */
  readonly alpha: number;
  /** Coherency, 0 to 1: what every pair costs. */
  readonly beta: number;
  /** Throughput of one, per second. */
  readonly gamma: number;
  /** Concurrency at which throughput is greatest, √((1 − α)/β); null where it never falls. */
  readonly peakConcurrency: number | null;
}

/** Coefficients to fit: fewer points leave nothing to judge the fit by. */
const LEAST_POINTS = 4;
/** Coherency below this never bends the curve within any load there is. */
const NO_COHERENCY = 1e-9;

/**
 * Least squares fit of the law with 0 ≤ α, β ≤ 1 and γ > 0 (Levenberg–Marquardt, from several starts because the
 * bounds make some of them stop early).
 *
 * @returns null with fewer than four concurrencies, or none above zero
 */
export function fitUsl(points: readonly LoadPoint[]): Usl | null {
  const used = points.filter(({ concurrency, throughput }) => concurrency > 0 && throughput > 0);
  if (new Set(used.map(({ concurrency }) => concurrency)).size < LEAST_POINTS) return null;
  const x = used.map(({ concurrency }) => concurrency);
  const most = Math.max(...used.map(({ throughput }) => throughput));
  // Throughput as a share of the greatest, so that the three coefficients are of like size.
  const y = used.map(({ throughput }) => throughput / most);
  const gamma = Math.max(...used.map(({ concurrency, throughput }) => throughput / most / concurrency));
  const model = ([alpha, beta, gamma]: number[]) => {
    const law = { alpha: alpha as number, beta: beta as number, gamma: gamma as number };
    return (n: number) => throughputAt(law, n);
  };
  const fits = [
    [0.01, 0.0001],
    [0.1, 0.001],
    [0.3, 0.0],
    [0.0, 0.01],
  ].map(([alpha, beta]) =>
    levenbergMarquardt({ x, y }, model, {
      initialValues: [alpha as number, beta as number, gamma],
      minValues: [0, 0, 0],
      maxValues: [1, 1, 10 * gamma],
      damping: 1e-2,
      gradientDifference: [1e-6, 1e-8, 1e-6],
      maxIterations: 300,
      errorTolerance: 1e-14,
    }),
  );
  const best = fits.reduce((a, b) => (b.parameterError < a.parameterError ? b : a));
  const [alpha, beta, scaled] = best.parameterValues as [number, number, number];
  return {
    alpha,
    beta,
    gamma: scaled * most,
    peakConcurrency: beta > NO_COHERENCY ? Math.sqrt((1 - alpha) / beta) : null,
  };
}
