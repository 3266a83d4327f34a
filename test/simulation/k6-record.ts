import type { Happened } from "./happened.ts";
import { stepsOf } from "./happened.ts";
import type { GeneratorFault } from "./world.ts";

const AGGREGATES = {
  counter: ["count", "rate"],
  gauge: ["value"],
  rate: ["rate"],
  trend: ["avg", "max", "med", "min", "p(90)", "p(95)", "p(99)"],
} as const;

export const START_MS = Date.UTC(2026, 0, 1, 12);

/**
 * The record of k6's dashboard, a line a second; none of a second in which k6 itself stood still.
 *
 * @param isWhole with every endpoint's columns, for the reports; else only what is judged
 */
export function k6Record(happened: Happened, isWhole: boolean): string {
  const seconds = Math.max(1, Math.ceil(happened.lastMs / 1000));
  const columns = isWhole ? columnsOf(happened) : COUNTS(happened);
  const names = ["time", ...columns.map(({ name }) => name)].sort();
  const types = Object.fromEntries([
    ["time", { type: "gauge" }],
    ...columns.map(({ name, type }) => [name, { type }]),
  ]);
  const lines = [
    { event: "param", data: { aggregates: AGGREGATES } },
    { event: "metric", data: types },
    { event: "start", data: [[START_MS]] },
  ].map((line) => JSON.stringify(line));
  const stall = happened.world.generator.find(({ kind }) => kind === "stall");
  const byName = new Map(columns.map(({ name, values }) => [name, values]));
  for (let second = 0; second < seconds; second++) {
    if (stall !== undefined && isAsleep(stall, second, happened.world.plan.totalMs)) continue;
    const data = names.map((name) =>
      name === "time" ? [START_MS + (second + 1) * 1000] : (byName.get(name) as Column["values"])(second),
    );
    lines.push(JSON.stringify({ event: "snapshot", data }));
  }
  return `${lines.join("\n")}\n`;
}

function isAsleep({ at, amount }: GeneratorFault, second: number, totalMs: number): boolean {
  const from = Math.floor((at * totalMs) / 1000);
  return second >= from && second < from + Math.floor(amount);
}

interface Column {
  readonly name: string;
  readonly type: keyof typeof AGGREGATES;
  /** The aggregates of a second; empty: it had no samples. */
  values(second: number): number[];
}

const COUNTS = ({ iterationsAtMs }: Happened): Column[] => [counterOf("iterations", iterationsAtMs)];

function counterOf(name: string, timesMs: readonly number[]): Column {
  const counts = new Map<number, number>();
  for (const ms of timesMs) counts.set(Math.floor(ms / 1000), (counts.get(Math.floor(ms / 1000)) ?? 0) + 1);
  return {
    name,
    type: "counter",
    values: (second) => {
      const count = counts.get(second);
      return count === undefined ? [] : [count, count];
    },
  };
}

function columnsOf(happened: Happened): Column[] {
  const endpoints = [null, ...stepsOf(happened.world.journey).map(({ endpoint }, at) => ({ endpoint, at }))];
  const answered = endpoints.flatMap((one): Column[] => {
    const bySecond = new Map<number, { ms: number[]; failed: number }>();
    for (const { at, atMs, durationMs, failed } of happened.requests) {
      if (one !== null && one.at !== at) continue;
      const second = Math.floor((atMs + durationMs) / 1000);
      const kept = bySecond.get(second) ?? { ms: [], failed: 0 };
      bySecond.set(second, kept);
      kept.ms.push(durationMs);
      if (failed) kept.failed++;
    }
    const tag = one === null ? "" : `{name:${one.endpoint}}`;
    const of = (
      name: string,
      type: Column["type"],
      read: (kept: { ms: number[]; failed: number }) => number[],
    ): Column => ({
      name: `${name}${tag}`,
      type,
      values: (second) => {
        const kept = bySecond.get(second);
        return kept === undefined ? [] : read(kept);
      },
    });
    return [
      of("http_reqs", "counter", ({ ms }) => [ms.length, ms.length]),
      of("http_req_duration", "trend", ({ ms }) => summaryOf(ms)),
      of("http_req_failed", "rate", ({ ms, failed }) => [failed / ms.length]),
    ];
  });
  return [
    ...answered,
    counterOf("iterations", happened.iterationsAtMs),
    counterOf("dropped_iterations", happened.droppedAtMs),
    { name: "vus", type: "gauge", values: () => [happened.usersSeen] },
  ];
}

function summaryOf(ms: readonly number[]): number[] {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] as number;
  const avg = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return [avg, at(1), at(0.5), at(0), at(0.9), at(0.95), at(0.99)];
}
