import { findRow } from "../model/metric-row.ts";
import type { RunResult } from "../model/run.ts";

/** Requests of one endpoint, those of one phase or those of none. */
export interface FailureCell {
  /** null: the run does not tell endpoints apart. */
  readonly endpoint: string | null;
  readonly phase: string | null;
  readonly requests: number;
  readonly failed: number;
}

/** Every request of the run in exactly one cell, as finely as the run tells them apart. */
export function failureCells(run: RunResult): FailureCell[] {
  const { metrics, asked } = run;
  if (asked.expected !== undefined)
    return asked.expected.flatMap(({ endpoint }) => cellsOfEndpoint(metrics, endpoint));
  const whole = countFailed(metrics, {});
  if (whole === null) return [];
  const seen = cellsOfTimeline(run);
  // The record may lack a second, such as the last: what it does not tell apart is nobody's in particular.
  const rest = {
    requests: Math.max(0, whole.requests - sumOf(seen, "requests")),
    failed: Math.max(0, whole.failed - Math.round(sumOf(seen, "failed"))),
  };
  return rest.requests > 0 || rest.failed > 0 ? [...seen, { endpoint: null, phase: null, ...rest }] : seen;
}

function cellsOfEndpoint(metrics: RunResult["metrics"], endpoint: string): FailureCell[] {
  const whole = countFailed(metrics, { name: endpoint });
  if (whole === null) return [];
  const phases = [
    ...new Set(
      metrics.flatMap(({ tags }) => (tags.name === endpoint && tags.phase !== undefined ? [tags.phase] : [])),
    ),
  ];
  const cells = phases.flatMap((phase) => {
    const counts = countFailed(metrics, { name: endpoint, phase });
    return counts === null ? [] : [{ endpoint, phase, ...counts }];
  });
  const rest = {
    requests: whole.requests - sumOf(cells, "requests"),
    failed: Math.max(0, whole.failed - sumOf(cells, "failed")),
  };
  return rest.requests > 0 ? [...cells, { endpoint, phase: null, ...rest }] : cells;
}

/** A script of the user's own names its requests as it likes; k6's record counts them by that name, second by second. */
function cellsOfTimeline({ timeline }: RunResult): FailureCell[] {
  const line = (metric: string, endpoint: string) =>
    timeline.series.find((series) => series.metric === metric && series.endpoint === endpoint)?.values ?? [];
  const endpoints = timeline.series.flatMap(({ metric, endpoint }) =>
    metric === "requests" && endpoint !== null ? [endpoint] : [],
  );
  return endpoints.map((endpoint) => {
    const requests = line("requests", endpoint);
    const ratios = line("failed", endpoint);
    return {
      endpoint,
      phase: null,
      requests: requests.reduce<number>((sum, count) => sum + (count ?? 0), 0),
      failed: requests.reduce<number>((sum, count, second) => sum + (count ?? 0) * (ratios[second] ?? 0), 0),
    };
  });
}

export function countFailed(
  metrics: RunResult["metrics"],
  tags: Readonly<Record<string, string>>,
): { requests: number; failed: number } | null {
  const row = findRow(metrics, "http_req_failed", tags);
  if (row === null || row.samples === 0) return null;
  return { requests: row.samples, failed: Math.round((row.ratio ?? 0) * row.samples) };
}

export const sumOf = <K extends string>(cells: readonly Readonly<Record<K, number>>[], key: K): number =>
  cells.reduce((sum, cell) => sum + cell[key], 0);
