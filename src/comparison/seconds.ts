import { stageAt } from "../../scenarios/lib/load.ts";
import type { RunResult } from "../model/run.ts";

/** What one second of a run saw of an endpoint; latencies in ms, null where nothing was answered. */
export interface Second {
  readonly requests: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly failedRatio: number | null;
}

/** The seconds of a phase (null: of the run), in order. A second that was not recorded is left out. */
export function secondsOf(run: RunResult, endpoint: string | null, phase: string | null): Second[] {
  const line = (metric: string) =>
    run.timeline.series.find((series) => series.metric === metric && series.endpoint === endpoint)?.values ??
    [];
  const [requests, p50, p95, p99, failed] = ["requests", "p50", "p95", "p99", "failed"].map(line);
  const { periodMs } = run.timeline;
  return (requests ?? []).flatMap((count, index) => {
    if (count === null) return [];
    if (phase !== null && run.asked.load !== null) {
      const stage = stageAt(run.asked.load, (index + 0.5) * periodMs);
      if (stage.phase !== phase) return [];
    }
    return [
      {
        requests: count,
        p50: p50?.[index] ?? null,
        p95: p95?.[index] ?? null,
        p99: p99?.[index] ?? null,
        failedRatio: failed?.[index] ?? null,
      },
    ];
  });
}

/**
 * Share of a second's answers that took longer than a latency. Between the second's median, p95 and p99 it is read in a
 * straight line over the logarithm of the latency; beyond them the lower half mirrors the upper one.
 */
export function shareAbove({ p50, p95, p99 }: Second, latencyMs: number): number | null {
  if (p50 === null || p95 === null || p99 === null) return null;
  const middle = Math.max(p50, Number.MIN_VALUE);
  const knots: [number, number][] = [
    [(middle * middle) / Math.max(p95, middle), 1],
    [middle, 0.5],
    [p95, 0.05],
    [p99, 0.01],
    [p99 * (p99 / Math.max(p95, Number.MIN_VALUE)), 0],
  ];
  if (latencyMs < knots[0]![0]) return 1;
  for (let at = 1; at < knots.length; at++) {
    const [from, to] = [knots[at - 1]!, knots[at]!];
    if (latencyMs > to[0]) continue;
    const width = Math.log(to[0]) - Math.log(from[0]);
    if (!(width > 0)) return to[1];
    return from[1] + ((to[1] - from[1]) * (Math.log(latencyMs) - Math.log(from[0]))) / width;
  }
  return 0;
}
