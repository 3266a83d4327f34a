import { Int32Histogram } from "hdr-histogram-js";
import { type MetricRow, QUANTILE_GRID } from "../../model/metric-row.ts";
import type { TimelineSeries } from "../../model/run.ts";

/** What an answer counted as. */
export interface Sample {
  readonly endpoint: string;
  readonly phase: string | null;
  readonly step: string | null;
  readonly status: number;
  readonly durationMs: number;
  readonly failed: boolean;
  /** A rate limiter's answer. */
  readonly limited: boolean;
}

interface Cell {
  readonly tags: Record<string, string>;
  /** Microseconds, three significant digits. */
  readonly histogram: Int32Histogram;
  failed: number;
  limited: number;
  sumMs: number;
}

interface Second {
  readonly durations: Map<string, number[]>;
  readonly failed: Map<string, number>;
  readonly statuses: Map<number, number>;
  users: number;
  iterations: number;
  dropped: number;
}

const LONGEST_US = 3_600_000_000;
const SIGNIFICANT_DIGITS = 3;
const newHistogram = () => new Int32Histogram(1, LONGEST_US, SIGNIFICANT_DIGITS);

/**
 * Keeps what the embedded engine measures in bounded memory: a histogram per endpoint, phase and step, and per
 * second only three percentiles.
 */
export class Recorder {
  readonly #cells = new Map<string, Cell>();
  readonly #seconds: Second[] = [];
  readonly #lines = new Map<string, TimelineSeries>();
  readonly #statuses = new Map<number, number>();
  #flushed = 0;

  answer(atMs: number, sample: Sample): void {
    const tags = {
      name: sample.endpoint,
      ...(sample.phase ? { phase: sample.phase } : {}),
      ...(sample.step ? { step: sample.step } : {}),
    };
    const cell = this.#cell(tags);
    cell.histogram.recordValue(Math.min(LONGEST_US, Math.max(1, Math.round(sample.durationMs * 1000))));
    cell.sumMs += sample.durationMs;
    if (sample.failed) cell.failed++;
    if (sample.limited) cell.limited++;
    this.#statuses.set(sample.status, (this.#statuses.get(sample.status) ?? 0) + 1);

    const second = this.#second(atMs);
    append(second.durations, sample.endpoint, sample.durationMs);
    if (sample.failed) second.failed.set(sample.endpoint, (second.failed.get(sample.endpoint) ?? 0) + 1);
    second.statuses.set(sample.status, (second.statuses.get(sample.status) ?? 0) + 1);
  }

  count(atMs: number, what: "iterations" | "dropped"): void {
    this.#second(atMs)[what]++;
  }

  users(atMs: number, count: number): void {
    this.#second(atMs).users = count;
  }

  #cell(tags: Record<string, string>): Cell {
    const key = JSON.stringify(tags);
    const found = this.#cells.get(key);
    if (found) return found;
    const made: Cell = { tags, histogram: newHistogram(), failed: 0, limited: 0, sumMs: 0 };
    this.#cells.set(key, made);
    return made;
  }

  #second(atMs: number): Second {
    const index = Math.max(0, Math.floor(atMs / 1000));
    this.#seconds[index] ??= {
      durations: new Map(),
      failed: new Map(),
      statuses: new Map(),
      users: 0,
      iterations: 0,
      dropped: 0,
    };
    return this.#seconds[index];
  }

  /** The last whole second, for progress. */
  last(atMs: number): { requests: number; p95Ms: number | null; failed: number } | null {
    const second = this.#seconds[Math.floor(atMs / 1000) - 1];
    if (!second) return null;
    const all = [...second.durations.values()].flat().sort((a, b) => a - b);
    const failed = [...second.failed.values()].reduce((sum, count) => sum + count, 0);
    return { requests: all.length, p95Ms: quantileOf(all, 0.95), failed };
  }

  statusCounts(): { status: number; count: number }[] {
    return [...this.#statuses]
      .map(([status, count]) => ({ status, count }))
      .sort((a, b) => a.status - b.status);
  }

  /** Turns seconds that are over into points of the timeline, and lets their samples go. */
  flush(untilMs: number): void {
    const until = Math.min(this.#seconds.length, Math.floor(untilMs / 1000));
    for (; this.#flushed < until; this.#flushed++) {
      this.#point(this.#flushed, this.#seconds[this.#flushed]);
      // last() looks one second back: the one before can go.
      delete this.#seconds[this.#flushed - 1];
    }
  }

  #point(index: number, second: Second | undefined): void {
    const put = (metric: string, endpoint: string | null, unit: string, value: number | null) => {
      const key = `${metric} ${endpoint}`;
      const line = this.#lines.get(key) ?? { metric, endpoint, unit, values: [] };
      this.#lines.set(key, line);
      while (line.values.length < index) line.values.push(unit === "per-second" ? 0 : null);
      line.values.push(value);
    };
    put("users", null, "count", second?.users ?? 0);
    put("iterations", null, "per-second", second?.iterations ?? 0);
    put("dropped", null, "per-second", second?.dropped ?? 0);
    for (const [status, count] of second?.statuses ?? []) put(`status_${status}`, null, "per-second", count);
    const groups: [string | null, number[]][] = [
      [null, [...(second?.durations.values() ?? [])].flat()],
      ...(second?.durations ?? []),
    ];
    for (const [endpoint, durations] of groups) {
      const sorted = [...durations].sort((a, b) => a - b);
      const failed =
        endpoint === null
          ? [...(second?.failed.values() ?? [])].reduce((sum, count) => sum + count, 0)
          : (second?.failed.get(endpoint) ?? 0);
      put("requests", endpoint, "per-second", sorted.length);
      for (const [metric, q] of [
        ["p50", 0.5],
        ["p95", 0.95],
        ["p99", 0.99],
      ] as const)
        put(metric, endpoint, "ms", quantileOf(sorted, q));
      put("failed", endpoint, "ratio", sorted.length === 0 ? null : failed / sorted.length);
    }
  }

  timeline(): TimelineSeries[] {
    const length = this.#flushed;
    return [...this.#lines.values()].map((line) => {
      while (line.values.length < length) line.values.push(line.unit === "per-second" ? 0 : null);
      return line;
    });
  }

  /** Durations, failures and counts for the run, each endpoint, phase and step. */
  rows(): MetricRow[] {
    const groups = new Map<string, Cell>();
    for (const cell of this.#cells.values()) {
      for (const keys of GROUPINGS) {
        if (!keys.every((key) => cell.tags[key] !== undefined)) continue;
        merge(groups, Object.fromEntries(keys.map((key) => [key, cell.tags[key] as string])), cell);
      }
    }
    return [...groups.values()].flatMap(toRows);
  }
}

const GROUPINGS: readonly (readonly string[])[] = [
  [],
  ["name"],
  ["phase"],
  ["name", "phase"],
  ["step"],
  ["name", "step"],
];

function merge(groups: Map<string, Cell>, tags: Record<string, string>, cell: Cell): void {
  const key = JSON.stringify(tags);
  const group = groups.get(key) ?? { tags, histogram: newHistogram(), failed: 0, limited: 0, sumMs: 0 };
  group.histogram.add(cell.histogram);
  group.failed += cell.failed;
  group.limited += cell.limited;
  group.sumMs += cell.sumMs;
  groups.set(key, group);
}

function toRows({ tags, histogram, failed, limited, sumMs }: Cell): MetricRow[] {
  const samples = histogram.totalCount;
  const ms = (us: number) => us / 1000;
  const duration: MetricRow = {
    metric: "http_req_duration",
    tags,
    type: "trend",
    samples,
    avg: sumMs / samples,
    min: ms(histogram.minNonZeroValue),
    max: ms(histogram.maxValue),
    quantiles: quantilesOf(histogram).map(ms),
  };
  return [
    duration,
    { metric: "http_req_failed", tags, type: "rate", samples, ratio: failed / samples },
    { metric: "http_reqs", tags, type: "counter", samples, count: samples },
    { metric: "headroom_limited", tags, type: "counter", samples: limited, count: limited },
  ];
}

/** Of the grid, microseconds, in one pass: the library looks for each from the beginning. */
function quantilesOf(histogram: Int32Histogram): number[] {
  let [index, seen] = [-1, 0];
  return QUANTILE_GRID.map((q) => {
    if (q === 0) return histogram.minNonZeroValue;
    // The product of a share and a count may be a hair above the whole number that it is.
    const rank = Math.max(1, Math.ceil(q * histogram.totalCount * (1 - Number.EPSILON)));
    while (seen < rank && index < histogram.countsArrayLength - 1) seen += histogram.getCountAtIndex(++index);
    return histogram.highestEquivalentValue(histogram.valueFromIndex(index));
  });
}

function append(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Nearest rank. */
function quantileOf(sorted: readonly number[], q: number): number | null {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}
