import type { RunResult, TimelineSeries } from "../../model/run.ts";
import type { PrometheusClient } from "../../prometheus/client.ts";
import type { Window } from "./read-run.ts";
import { RUN_TAG } from "./run-order.ts";

/** As often as the generators write. */
const STEP_MS = 5000;
/** Generators write every 5 s from their own beginning; a write is in the store this long after it. */
const ARRIVED_MS = 1000;
/** Percentiles of a moment are those of the three writes before it. */
const WRITES_MS = 3 * STEP_MS;

type Lines = Map<string | null, (number | null)[]>;

/** The run from beginning to end, a point every 5 s: what was counted in between, percentiles over 15 s. */
export async function readTimeline(
  client: Pick<PrometheusClient, "range">,
  window: Window,
): Promise<RunResult["timeline"]> {
  const { runId, startMs, endMs } = window;
  // A store is asked at multiples of the step; the run's own steps lie between them.
  const shiftMs = (startMs + ARRIVED_MS) % STEP_MS;
  const shifted = `offset -${shiftMs}ms`;
  const selector = (where: string) => `{${RUN_TAG}="${runId}"${where}}`;
  const spanned = `[${Math.ceil((endMs - startMs) / 1000) + 60}s]`;
  const ask = async (query: string): Promise<Lines> => {
    const { series } = await client.range(query, startMs - shiftMs, endMs + STEP_MS - shiftMs, STEP_MS);
    return new Map(
      series
        .filter(({ labels }) => labels.name !== "")
        .map(({ labels, timesMs, values }) => [labels.name ?? null, place(timesMs, values, shiftMs, window)]),
    );
  };
  /** Increases of a counter, which is written only when it grows. */
  const grown = async (metric: string, by: string, where = ""): Promise<Lines> => {
    const totals = await ask(
      `sum ${by} (last_over_time(k6_${metric}_total${selector(where)}${spanned} ${shifted}))`,
    );
    return new Map([...totals].map(([name, line]) => [name, increases(line)]));
  };
  const quantile = async (q: number, by: string): Promise<Lines> => {
    const rate = `rate(k6_http_req_duration_seconds${selector("")}[${WRITES_MS / 1000}s] ${shifted})`;
    const lines = await ask(`1000 * histogram_quantile(${q}, sum ${by} (${rate}))`);
    // Before there are three writes, only what was there at the first of them would be seen.
    for (const line of lines.values()) line.fill(null, 0, WRITES_MS / STEP_MS);
    return lines;
  };
  const perEndpoint = ["", "by (name)"].map(async (by) => {
    const [requests, broken, p50, p95, p99] = await Promise.all([
      grown("http_reqs", by),
      grown("http_reqs", by, ',expected_response="false"'),
      quantile(0.5, by),
      quantile(0.95, by),
      quantile(0.99, by),
    ]);
    return [
      ...named("requests", "per-second", scaled(requests, 1000 / STEP_MS)),
      ...named("p50", "ms", p50),
      ...named("p95", "ms", p95),
      ...named("p99", "ms", p99),
      ...named("failed", "ratio", shares(broken, requests)),
    ];
  });
  const [endpoints, iterations, dropped, users] = await Promise.all([
    Promise.all(perEndpoint),
    grown("iterations", ""),
    grown("dropped_iterations", ""),
    ask(`sum(k6_vus${selector("")} ${shifted})`),
  ]);
  return {
    periodMs: STEP_MS,
    series: [
      ...endpoints.flat(),
      ...named("iterations", "per-second", scaled(iterations, 1000 / STEP_MS)),
      ...named("dropped", "per-second", scaled(dropped, 1000 / STEP_MS)),
      ...named("users", "count", users),
    ],
  };
}

/** The value at the end of every step; null where the store has none. */
function place(
  timesMs: Float64Array,
  values: Float64Array,
  shiftMs: number,
  { startMs, endMs }: Window,
): (number | null)[] {
  const placed = new Array<number | null>(Math.max(1, Math.round((endMs - startMs) / STEP_MS))).fill(null);
  timesMs.forEach((timeMs, index) => {
    const at = Math.round((timeMs + shiftMs - startMs - ARRIVED_MS) / STEP_MS) - 1;
    if (at >= 0 && at < placed.length) placed[at] = values[index] as number;
  });
  return placed;
}

/** A counter begins at 0 when the run does; while it says nothing it has not grown. */
function increases(totals: readonly (number | null)[]): (number | null)[] {
  let before = 0;
  return totals.map((total) => {
    const grown = total === null ? 0 : total - before;
    before = total ?? before;
    return grown;
  });
}

const scaled = (lines: Lines, factor: number): Lines =>
  new Map([...lines].map(([name, line]) => [name, line.map((value) => (value ?? 0) * factor)]));

/** The part of the whole, step by step; null where there was nothing. */
function shares(parts: Lines, wholes: Lines): Lines {
  return new Map(
    [...wholes].map(([name, line]) => [
      name,
      line.map((all, index) => (all ? (parts.get(name)?.[index] ?? 0) / all : null)),
    ]),
  );
}

const named = (metric: string, unit: string, lines: Lines): TimelineSeries[] =>
  [...lines].map(([endpoint, values]) => ({ metric, endpoint, unit, values }));
