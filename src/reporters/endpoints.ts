import { findRow } from "../model/metric-row.ts";
import type { RunResult } from "../model/run.ts";

/** One line of the endpoint table; null: not measured. */
export interface EndpointLine {
  /** null: all requests together. */
  readonly endpoint: string | null;
  readonly requests: number;
  readonly failedRatio: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/** All requests first, then each endpoint, over the whole run. */
export function endpointLines(run: RunResult): EndpointLine[] {
  const endpoints = run.metrics
    .filter((row) => row.metric === "http_req_duration" && Object.keys(row.tags).join() === "name")
    .map((row) => row.tags.name as string);
  return [null, ...endpoints].flatMap((endpoint) => {
    const tags = endpoint === null ? {} : { name: endpoint };
    const duration = findRow(run.metrics, "http_req_duration", tags);
    if (!duration || duration.samples === 0) return [];
    const quantile = (q: number) => duration.quantiles?.[run.quantileGrid.indexOf(q)] ?? null;
    return [
      {
        endpoint,
        requests: duration.samples,
        failedRatio: findRow(run.metrics, "http_req_failed", tags)?.ratio ?? null,
        p50Ms: quantile(0.5),
        p95Ms: quantile(0.95),
        p99Ms: quantile(0.99),
        maxMs: duration.max ?? null,
      },
    ];
  });
}
