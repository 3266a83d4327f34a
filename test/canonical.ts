import type { ClientCriterion, ServerCriterion, Thresholds } from "../src/model/criterion.ts";
import type { Evidence } from "../src/model/evidence.ts";
import { type MetricRow, QUANTILE_GRID } from "../src/model/metric-row.ts";
import type { RunResult } from "../src/model/run.ts";

/** One valid, passing run that tests bend to their case. */

export function trend(tags: Record<string, string>, samples: number, scaleMs: number): MetricRow {
  if (samples === 0) return { metric: "http_req_duration", tags, type: "trend", samples };
  const quantiles = QUANTILE_GRID.map((q) =>
    Number((-Math.log(1 - Math.min(q, 0.99999)) * scaleMs).toFixed(3)),
  );
  return {
    metric: "http_req_duration",
    tags,
    type: "trend",
    samples,
    avg: scaleMs,
    min: quantiles[0] as number,
    max: quantiles.at(-1) as number,
    quantiles,
  };
}

export function failed(tags: Record<string, string>, samples: number, ratio: number): MetricRow {
  return { metric: "http_req_failed", tags, type: "rate", samples, ...(samples > 0 ? { ratio } : {}) };
}

const EVIDENCE: Evidence = {
  exit: { code: 0, signal: null, meaning: "ended normally", complete: true, markedFailed: false },
  summaryComplete: true,
  interrupted: false,
  abortedByCriterion: false,
  durationMs: 60_000,
  plannedIterations: 3000,
  iterations: 3000,
  droppedIterations: 0,
  maxUsers: 100,
  usersSeen: 20,
  exceptions: 0,
  rateLimited: 0,
  generatorCpu: { cores: 4, samples: [0.2, 0.25, 0.22, 0.24] },
  scriptSummaryError: null,
  log: [],
};

export function canonicalRun(evidence: Partial<Evidence> = {}, metrics: MetricRow[] = METRICS): RunResult {
  return {
    schema: "headroom/run@1",
    id: "20260101-120000-average-0a1b",
    system: "shop",
    startedAt: "2026-01-01T12:00:00.000Z",
    endedAt: "2026-01-01T12:01:00.000Z",
    asked: {
      target: "http://127.0.0.1:8000",
      scenario: "average",
      script: null,
      load: {
        model: "open",
        stages: [
          { durationMs: 10_000, from: 0, target: 100, phase: "warm-up", step: null },
          { durationMs: 50_000, from: 100, target: 100, phase: "steady", step: null },
        ],
        totalMs: 60_000,
        peak: 100,
        requestsPerIteration: 2,
        preAllocatedUsers: 20,
        maxUsers: 100,
      },
      command: "headroom gate shop --target http://127.0.0.1:8000",
    },
    environment: {
      headroom: "0.1.0",
      node: "v20.20.2",
      os: "Linux 6 x64",
      cpuCores: 4,
      cpuModel: "test",
      memoryBytes: 16e9,
      ci: null,
    },
    engine: { name: "k6", version: "2.2.0" },
    evidence: { ...EVIDENCE, ...evidence },
    quantileGrid: [...QUANTILE_GRID],
    metrics,
    checks: [{ name: "search: status is 200", passes: 3000, fails: 0 }],
    statusCounts: [{ status: 200, count: 6000 }],
    errors: [],
    timeline: {
      periodMs: 1000,
      series: [
        { metric: "requests", endpoint: null, unit: "per-second", values: [98, 101] },
        { metric: "p95", endpoint: "search", unit: "ms", values: [120.5, null] },
      ],
    },
    thresholds: { file: "thresholds/shop.yaml", text: "" },
    engineThresholds: [],
    server: null,
  };
}

export const METRICS: MetricRow[] = [
  trend({}, 6000, 40),
  trend({ name: "search" }, 3000, 50),
  trend({ name: "buy" }, 3000, 30),
  trend({ phase: "steady" }, 5000, 40),
  trend({ name: "search", phase: "steady" }, 2500, 50),
  failed({}, 6000, 0),
  failed({ name: "search" }, 3000, 0),
  failed({ name: "buy" }, 3000, 0),
  { metric: "http_reqs", tags: {}, type: "counter", samples: 6000, count: 6000 },
  { metric: "http_reqs", tags: { phase: "steady" }, type: "counter", samples: 5000, count: 5000 },
];

export function client(overrides: Partial<ClientCriterion> = {}): ClientCriterion {
  return {
    kind: "client",
    id: "p95",
    metric: "http_req_duration",
    tags: {},
    phase: null,
    stat: { kind: "quantile", q: 0.95 },
    bound: { operator: "<=", value: 500 },
    severity: "gate",
    abortAfterMs: null,
    shapes: null,
    why: "people leave a shop that keeps them waiting",
    ...overrides,
  };
}

export const ERRORS = client({
  id: "error-ratio",
  metric: "http_req_failed",
  stat: { kind: "rate" },
  bound: { operator: "<=", value: 0.01 },
  why: "one in a hundred orders may fail",
});

export function server(overrides: Partial<ServerCriterion> = {}): ServerCriterion {
  return {
    kind: "server",
    id: "cpu",
    query: "max(cpu)",
    unit: "ratio",
    stat: { kind: "max" },
    bound: { operator: "<=", value: 0.7 },
    severity: "gate",
    shapes: null,
    why: "the autoscaler adds instances at 70%",
    ...overrides,
  };
}

export function thresholds(client: ClientCriterion[], server: ServerCriterion[] = []): Thresholds {
  return { system: "shop", client, server, regression: [] };
}
