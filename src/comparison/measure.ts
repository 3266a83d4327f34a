import type { ComparedMetric, Statistic } from "../model/criterion.ts";
import { findRow } from "../model/metric-row.ts";
import type { RunResult } from "../model/run.ts";
import { statisticOf } from "../model/statistic-of.ts";
import { proportionInterval } from "../stats/proportion-interval.ts";
import { samplesNeeded } from "../stats/quantile-interval.ts";
import { blockBootstrap, type Spread } from "./block-bootstrap.ts";
import { blockLength } from "./block-length.ts";
import { secondsOf, shareAbove } from "./seconds.ts";

/** One statistic of one run on the scale it is compared on, and how far chance alone may have moved it. */
export interface Measure extends Spread {
  /** Natural logarithm for times and rates, as it is for ratios. */
  readonly value: number;
  readonly samples: number;
}

export interface Unmeasured {
  readonly missing: string;
  readonly samples: number;
}

export interface Place {
  readonly metric: ComparedMetric;
  readonly endpoint: string | null;
  readonly phase: string | null;
  readonly stat: Statistic;
}

/** Steps of a latency's logarithm at which a draw's shares are counted, around the run's own value. */
const MIDDLE = 20;
const LADDER = Array.from({ length: 2 * MIDDLE + 1 }, (_, step) => Math.exp((step - MIDDLE) * 0.05));

/** The statistic as the engine measured it exactly; its spread from the run's seconds. */
export function measure(run: RunResult, place: Place): Measure | Unmeasured {
  const tags = {
    ...(place.endpoint === null ? {} : { name: place.endpoint }),
    ...(place.phase === null ? {} : { phase: place.phase }),
  };
  const row = findRow(run.metrics, place.metric === "http_reqs" ? "http_req_duration" : place.metric, tags);
  const samples = row?.samples ?? 0;
  if (row === null || samples === 0) return { missing: "no samples", samples };
  const seconds = secondsOf(run, place.endpoint, place.phase);
  if (place.metric === "http_reqs") {
    const rows = seconds.map(({ requests }) => Float64Array.of(1, requests));
    const total = rows.reduce((sum, pair) => sum + (pair[1] ?? 0), 0);
    if (total === 0) return { missing: "no requests in its seconds", samples };
    const length = blockLength(seconds.map(({ requests }) => requests));
    const spread = blockBootstrap(rows, length, ([count = 0, requests = 0]) => Math.log(requests / count));
    return spread === null ? tooShort(samples) : { value: Math.log(total / rows.length), samples, ...spread };
  }
  if (place.metric === "http_req_failed") return measureFailures(row.ratio ?? null, samples, seconds);
  const value = statisticOf(row, place.stat, run.quantileGrid);
  if (value === null || !(value > 0)) return { missing: "the run did not keep it", samples };
  const q = place.stat.kind === "quantile" ? place.stat.q : 0.5;
  if (samples < samplesNeeded(q))
    return { missing: `${samples} samples are too few, ${samplesNeeded(q)} are needed`, samples };
  const rungs = LADDER.map((factor) => factor * value);
  const rows = seconds.flatMap((second) => {
    const shares = rungs.map((latencyMs) => shareAbove(second, latencyMs));
    return shares[0] === null
      ? []
      : [Float64Array.of(second.requests, ...shares.map((share) => (share ?? 0) * second.requests))];
  });
  // What a second adds to the quantile's error: its answers above it beyond their share (Bahadur 1966).
  const length = blockLength(rows.map((row) => (row[1 + MIDDLE] as number) - (1 - q) * (row[0] as number)));
  const spread = blockBootstrap(rows, length, (sums) => logQuantile(sums, q, rungs));
  return spread === null ? tooShort(samples) : { value: Math.log(value), samples, ...spread };
}

const tooShort = (samples: number): Unmeasured => ({
  missing: "too few seconds were recorded to tell its spread",
  samples,
});

/** Logarithm of the latency that a share 1 − q of all requests exceeds, between the rungs in a straight line. */
function logQuantile(sums: Float64Array, q: number, rungs: readonly number[]): number | null {
  const wanted = (1 - q) * (sums[0] as number);
  const at = rungs.findIndex((_, rung) => (sums[rung + 1] as number) <= wanted);
  if (at < 0) return Math.log(rungs.at(-1) as number);
  if (at === 0) return Math.log(rungs[0] as number);
  const [above, below] = [sums[at] as number, sums[at + 1] as number];
  const [from, to] = [Math.log(rungs[at - 1] as number), Math.log(rungs[at] as number)];
  return above === below ? to : from + ((to - from) * (above - wanted)) / (above - below);
}

/** A share's spread is at least what independent requests would have: without a failure no block has any. */
function measureFailures(
  ratio: number | null,
  samples: number,
  seconds: ReturnType<typeof secondsOf>,
): Measure | Unmeasured {
  if (ratio === null) return { missing: "the run did not keep it", samples };
  const rows = seconds.map(({ requests, failedRatio }) =>
    Float64Array.of(requests, (failedRatio ?? 0) * requests),
  );
  const length = blockLength(rows.map(([requests = 0, failed = 0]) => failed - ratio * requests));
  const spread = blockBootstrap(rows, length, ([requests = 0, failed = 0]) =>
    requests > 0 ? failed / requests : null,
  );
  const independent = proportionInterval(ratio * samples, samples);
  if (spread === null || independent === null) return tooShort(samples);
  const least = (independent.high - independent.low) / (2 * 1.96);
  return {
    value: ratio,
    samples,
    standardError: Math.max(spread.standardError, least),
    degrees: spread.degrees,
  };
}
