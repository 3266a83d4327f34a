import { type MetricRow, QUANTILE_GRID } from "../src/model/metric-row.ts";
import type { RunResult } from "../src/model/run.ts";
import { normal, seededRandom } from "../src/stats/random.ts";
import { canonicalRun } from "./canonical.ts";

interface Endpoint {
  readonly name: string;
  readonly perSecond: number;
  readonly medianMs: number;
  /** Standard deviation of the logarithm. */
  readonly sigma: number;
  readonly failedRatio?: number;
}

/** A run whose every answer was drawn from a known distribution: exact statistics and a timeline as an engine keeps them. */
export function simulatedRun(
  seed: number,
  endpoints: readonly Endpoint[],
  { seconds = 60, wobble = 0, scale = 1 }: { seconds?: number; wobble?: number; scale?: number } = {},
): RunResult {
  const random = seededRandom(seed);
  const base = canonicalRun();
  // A slow rise and fall of the machine, which makes neighbouring seconds alike.
  let drift = 0;
  const drifts = Array.from({ length: seconds }, () => {
    drift = 0.8 * drift + wobble * normal(random);
    return drift;
  });
  const drawn = endpoints.map((endpoint) => ({
    endpoint,
    seconds: drifts.map((drift) =>
      Array.from({ length: endpoint.perSecond }, () => ({
        ms: scale * endpoint.medianMs * Math.exp(endpoint.sigma * normal(random) + drift),
        failed: random() < (endpoint.failedRatio ?? 0),
      })),
    ),
  }));
  const groups = [
    { name: null, seconds: drifts.map((_, at) => drawn.flatMap((one) => one.seconds[at] ?? [])) },
    ...drawn.map(({ endpoint, seconds }) => ({ name: endpoint.name, seconds })),
  ];
  const stages = [
    { durationMs: seconds * 1000, from: 100, target: 100, phase: "steady", step: null },
  ] as const;
  return {
    ...base,
    id: `run-${seed}`,
    asked: {
      ...base.asked,
      load: {
        ...(base.asked.load as NonNullable<typeof base.asked.load>),
        stages: [...stages],
        totalMs: seconds * 1000,
      },
    },
    metrics: groups.flatMap(({ name, seconds }) =>
      [{}, { phase: "steady" }].flatMap((phase) =>
        rowsOf({ ...(name === null ? {} : { name }), ...phase }, seconds.flat()),
      ),
    ),
    timeline: {
      periodMs: 1000,
      series: groups.flatMap(({ name: endpoint, seconds }) => {
        const line = (
          metric: string,
          unit: string,
          read: (second: (typeof seconds)[number]) => number | null,
        ) => ({
          metric,
          endpoint,
          unit,
          values: seconds.map(read),
        });
        const at = (q: number) => (second: (typeof seconds)[number]) =>
          quantile(
            second.map(({ ms }) => ms).sort((a, b) => a - b),
            q,
          );
        return [
          line("requests", "per-second", (second) => second.length),
          line("p50", "ms", at(0.5)),
          line("p95", "ms", at(0.95)),
          line("p99", "ms", at(0.99)),
          line("failed", "ratio", (second) =>
            second.length === 0 ? null : second.filter(({ failed }) => failed).length / second.length,
          ),
        ];
      }),
    },
  };
}

function rowsOf(
  tags: Record<string, string>,
  answers: readonly { ms: number; failed: boolean }[],
): MetricRow[] {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const samples = sorted.length;
  return [
    {
      metric: "http_req_duration",
      tags,
      type: "trend",
      samples,
      avg: sorted.reduce((sum, ms) => sum + ms, 0) / samples,
      min: sorted[0] ?? 0,
      max: sorted.at(-1) ?? 0,
      quantiles: QUANTILE_GRID.map((q) => quantile(sorted, q) ?? 0),
    },
    {
      metric: "http_req_failed",
      tags,
      type: "rate",
      samples,
      ratio: answers.filter(({ failed }) => failed).length / samples,
    },
  ];
}

/** In a straight line between order statistics, as k6 does. */
function quantile(sorted: readonly number[], q: number): number | null {
  if (sorted.length === 0) return null;
  const at = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
  return low + (high - low) * (at - Math.floor(at));
}
