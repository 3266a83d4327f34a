import { findRow, type MetricRow } from "../model/metric-row.ts";
import type { EndpointTimes } from "./journey-times.ts";
import type { Measured } from "./step.ts";

/** How a target answers at the lightest load that was seen: what its work is taken to be. */
export interface Usual {
  /** The load, requests/s. */
  readonly rate: number;
  readonly meanMs: ReadonlyMap<string, number>;
  /** Answers of an average iteration together, ms. */
  readonly iterationMs: number;
  /** Variance of an iteration's work over its squared mean, times the requests of an iteration: what n answers vary by is √(variance · n). */
  readonly variance: number;
}

/** Where the lightest load is the only one, its latencies may be those of a queue, which vary less than work. */
const LEAST_VARIANCE = 0.3;
const MOST_VARIANCE = 20;
/** Fewer answers of an endpoint say nothing of its spread. */
const LEAST_SAMPLES = 3;

/** Null where an endpoint of the journey was hardly answered. */
export function usualOf(
  run: Measured,
  tags: Readonly<Record<string, string>>,
  rate: number,
  endpoints: readonly EndpointTimes[],
): Usual | null {
  const meanMs = new Map<string, number>();
  let [iterationMs, variance, requests] = [0, 0, 0];
  for (const { endpoint, times } of endpoints) {
    const row = findRow(run.metrics, "http_req_duration", { ...tags, name: endpoint });
    const avg = row?.avg;
    if (row === null || avg === undefined || row.samples < LEAST_SAMPLES) return null;
    meanMs.set(endpoint, avg);
    iterationMs += times * avg;
    // Taken with a probability, or several times: of independent draws either way.
    const square = meanSquareOf(row, run.quantileGrid);
    variance += times * square - Math.min(1, times) * times * avg ** 2;
    requests += times;
  }
  if (!(iterationMs > 0)) return null;
  const relative = (requests * variance) / iterationMs ** 2;
  return {
    rate,
    meanMs,
    iterationMs,
    variance: Math.min(MOST_VARIANCE, Math.max(LEAST_VARIANCE, relative)),
  };
}

/** E[X²] from the quantiles that were kept; the trapezoid between neighbours. */
function meanSquareOf({ avg = 0, quantiles = [] }: MetricRow, grid: readonly number[]): number {
  let square = 0;
  for (let at = 1; at < grid.length; at++) {
    const [from, to] = [quantiles[at - 1] ?? avg, quantiles[at] ?? avg];
    square += (((grid[at] as number) - (grid[at - 1] as number)) * (from ** 2 + from * to + to ** 2)) / 3;
  }
  return Math.max(square, avg ** 2);
}
