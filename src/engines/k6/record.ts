import { z } from "zod";
import type { TimelineSeries } from "../../model/run.ts";
import type { Progress } from "../engine.ts";
import { parseJson } from "./parse-json.ts";

/** A period this far from the start, in seconds, is a clock that was set anew. */
const MOST_PERIODS = 7 * 86_400;

const Line = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("param"),
    data: z.object({ aggregates: z.record(z.string(), z.array(z.string())) }),
  }),
  z.object({ event: z.literal("metric"), data: z.record(z.string(), z.object({ type: z.string() })) }),
  z.object({ event: z.literal("start"), data: z.array(z.array(z.number())) }),
  z.object({ event: z.literal("snapshot"), data: z.array(z.array(z.number())) }),
]);

interface Column {
  readonly metric: string;
  readonly tag: { readonly key: string; readonly value: string } | null;
}

/** The aggregates of one column, by name; null when the period had no samples. */
type Cell = Record<string, number> | null;

/**
 * Reads the NDJSON record of k6's web dashboard as it grows: `param` names the aggregates of each type, `metric`
 * lines declare columns (kept sorted by name), `snapshot` holds one period, one array per column in that
 * order; `cumulative` lines hold the run so far and are not needed. The recording costs k6 about 5% of its throughput,
 * against 35–60% for its CSV and JSON outputs.
 */
export class RecordReader {
  #aggregates: Record<string, string[]> = {};
  #types = new Map<string, string>();
  #order: string[] = [];
  #columns = new Map<string, Column>();
  #startMs: number | null = null;
  #periods: Map<string, Cell>[] = [];
  #rest = "";

  /** More of the file, cut anywhere. */
  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.#read(line);
  }

  #read(text: string): void {
    // A line that a killed k6 cut short is none; what came before it stands.
    const line = Line.safeParse(parseJson(text));
    if (!line.success) return;
    const { event, data } = line.data;
    if (event === "param") this.#aggregates = data.aggregates;
    if (event === "metric") this.#declare(data);
    if (event === "start") this.#startMs = data[0]?.[0] ?? null;
    if (event === "snapshot") this.#keepPeriod(this.#cells(data));
  }

  #declare(metrics: Record<string, { type: string }>): void {
    for (const [name, { type }] of Object.entries(metrics)) {
      this.#types.set(name, type);
      this.#columns.set(name, parseColumn(name));
    }
    this.#order = [...this.#types.keys()].sort();
  }

  #cells(rows: readonly number[][]): Map<string, Cell> {
    const cells = new Map<string, Cell>();
    this.#order.forEach((name, index) => {
      const names = this.#aggregates[this.#types.get(name) ?? ""] ?? [];
      const values = rows[index];
      const isEmpty = values === undefined || values.length === 0;
      cells.set(
        name,
        isEmpty ? null : Object.fromEntries(names.map((aggregate, at) => [aggregate, values[at] as number])),
      );
    });
    return cells;
  }

  /** Periods are placed by their time, so that one the dashboard skipped leaves a gap and shifts nothing. */
  #keepPeriod(cells: Map<string, Cell>): void {
    const timeMs = cells.get("time")?.value;
    if (timeMs === undefined || this.#startMs === null) return;
    const index = Math.max(0, Math.round((timeMs - this.#startMs) / 1000) - 1);
    if (index < MOST_PERIODS) this.#periods[index] = cells;
  }

  get seconds(): number {
    return this.#periods.length;
  }

  /** The longest time without a period between two others: k6 itself did not run, ms. */
  get stalledMs(): number {
    let [longest, last] = [0, -1];
    this.#periods.forEach((_, index) => {
      if (last >= 0) longest = Math.max(longest, index - last - 1);
      last = index;
    });
    return longest * 1000;
  }

  get startMs(): number | null {
    return this.#startMs;
  }

  progress(elapsedMs: number, totalMs: number | null): Progress {
    const last = this.#periods.at(-1);
    return {
      elapsedMs,
      seconds: this.seconds,
      totalMs,
      requestsPerSecond: last?.get("http_reqs")?.count ?? null,
      p95Ms: last?.get("http_req_duration")?.["p(95)"] ?? null,
      failedRatio: last?.get("http_req_failed")?.rate ?? null,
      users: last?.get("vus")?.value ?? null,
    };
  }

  /**
   * The timeline, one value per second; null where a second had no sample.
   *
   * @param beforeMs what the record begins with and is no load
   */
  series(beforeMs = 0): TimelineSeries[] {
    const first = Math.round(beforeMs / 1000);
    const made: TimelineSeries[] = [];
    for (const [name, column] of [...this.#columns].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (column.tag !== null && column.tag.key !== "name") continue;
      const endpoint = column.tag === null ? null : column.tag.value;
      for (const wanted of TIMELINE[column.metric] ?? []) {
        made.push(
          this.#line(first, name, wanted.metric, endpoint, wanted.aggregate, wanted.unit, wanted.empty),
        );
      }
    }
    return made;
  }

  #line(
    first: number,
    column: string,
    metric: string,
    endpoint: string | null,
    aggregate: string,
    unit: string,
    empty: number | null,
  ): TimelineSeries {
    const values = Array.from(this.#periods.slice(first), (cells) =>
      cells === undefined ? null : (cells.get(column)?.[aggregate] ?? empty),
    );
    return { metric, endpoint, unit, values };
  }
}

interface Wanted {
  readonly metric: string;
  readonly aggregate: string;
  readonly unit: string;
  /** What a recorded second without samples means: no requests is 0, no latency is null. */
  readonly empty: number | null;
}

const TIMELINE: Record<string, readonly Wanted[]> = {
  http_reqs: [{ metric: "requests", aggregate: "count", unit: "per-second", empty: 0 }],
  http_req_duration: [
    { metric: "p50", aggregate: "med", unit: "ms", empty: null },
    { metric: "p95", aggregate: "p(95)", unit: "ms", empty: null },
    { metric: "p99", aggregate: "p(99)", unit: "ms", empty: null },
  ],
  http_req_failed: [{ metric: "failed", aggregate: "rate", unit: "ratio", empty: null }],
  iterations: [{ metric: "iterations", aggregate: "count", unit: "per-second", empty: 0 }],
  dropped_iterations: [{ metric: "dropped", aggregate: "count", unit: "per-second", empty: 0 }],
  vus: [{ metric: "users", aggregate: "value", unit: "count", empty: null }],
};

function parseColumn(name: string): Column {
  const match = /^([^{]+)\{([^:]+):(.*)\}$/s.exec(name);
  return match
    ? { metric: match[1] as string, tag: { key: match[2] as string, value: match[3] as string } }
    : { metric: name, tag: null };
}
