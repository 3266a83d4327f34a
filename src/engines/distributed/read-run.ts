import { WRONG_ANSWERS } from "../../../scenarios/lib/answers.ts";
import type { LoadPlan } from "../../../scenarios/lib/load.ts";
import { limitKey } from "../../../scenarios/lib/runner-order.ts";
import type { ClientCriterion } from "../../model/criterion.ts";
import { COUNTERS, TRENDS } from "../../model/k6-metrics.ts";
import { type MetricRow, QUANTILE_GRID } from "../../model/metric-row.ts";
import { tagsOf } from "../../model/selector.ts";
import type { PrometheusClient } from "../../prometheus/client.ts";
import type { Bucket, HistogramSeries } from "../../prometheus/histogram.ts";
import { cutAt, quantileOf } from "./histogram.ts";
import { durationLimits, RUN_TAG } from "./run-order.ts";

/** Counters that k6 leaves out as long as there is nothing to count. */
const SILENT_COUNTERS = ["dropped_iterations"];

/** Finer than this the store's look-back (5 minutes, unless it was set otherwise) need not be sampled. */
const LOOK_BACK_S = 240;

export interface Window {
  readonly runId: string;
  readonly startMs: number;
  readonly endMs: number;
}

type Client = Pick<PrometheusClient, "instant" | "range" | "histograms">;
type Tags = Record<string, string>;

/** What one run's generators counted together, under the labels asked for. */
export class RunReader {
  readonly #client: Client;
  readonly #selector: string;
  readonly #endMs: number;
  readonly #seconds: number;

  constructor(client: Client, { runId, startMs, endMs }: Window) {
    this.#client = client;
    this.#selector = `${RUN_TAG}="${runId}"`;
    this.#endMs = endMs;
    this.#seconds = Math.ceil((endMs - startMs) / 1000) + 60;
  }

  /** Sums of a counter over all generators. k6 begins each at 0, so that its last value is all it counted. */
  async counts(
    metric: string,
    by: readonly string[],
    where = "",
  ): Promise<{ labels: Tags; count: number }[]> {
    const selector = `k6_${metric}_total{${this.#selector}${where}}[${this.#seconds}s]`;
    const { series } = await this.#client.instant(
      `sum by (${by.join(", ")}) (last_over_time(${selector}))`,
      this.#endMs,
    );
    return series.map(({ labels, values }) => ({ labels: { ...labels }, count: values.at(-1) as number }));
  }

  async total(metric: string): Promise<number | null> {
    return (await this.counts(metric, []))[0]?.count ?? null;
  }

  /** Sum of each generator's greatest value of a gauge. */
  async greatest(metric: string): Promise<number | null> {
    const { series } = await this.#client.instant(
      `sum(max_over_time(k6_${metric}{${this.#selector}}[${this.#seconds}s]))`,
      this.#endMs,
    );
    return series[0]?.values.at(-1) ?? null;
  }

  /**
   * Histograms of a duration over all generators, ms. k6 writes a series only while it gains samples and
   * `last_over_time` knows no histograms before Prometheus 2.5x (it answers 0), so the last of each series is looked
   * for look-back by look-back.
   */
  async durations(metric: string, by: readonly string[]): Promise<HistogramSeries[]> {
    const selector = `k6_${metric}_seconds{${this.#selector}}`;
    const looks = Array.from({ length: Math.ceil(this.#seconds / LOOK_BACK_S) + 1 }, (_, index) =>
      index === 0 ? selector : `${selector} offset ${index * LOOK_BACK_S}s`,
    );
    const found = await this.#client.histograms(
      `sum by (${by.join(", ")}) (${looks.join(" or ")})`,
      this.#endMs,
    );
    return found.map(({ labels, count, sum, buckets }) => ({
      labels,
      count,
      sum: sum * 1000,
      buckets: buckets.map(({ low, high, count: inside }) => ({
        low: Math.max(0, low * 1000),
        high: high * 1000,
        count: inside,
      })),
    }));
  }
}

/** Every metric that k6 has and that a verdict or a report may ask for, over all generators. */
export async function readRows(
  reader: RunReader,
  criteria: readonly ClientCriterion[],
  plan: LoadPlan,
): Promise<MetricRow[]> {
  const groups = groupsFor(criteria, plan);
  const rows = await Promise.all([
    ...TRENDS.flatMap((metric) => groups(metric).map((by) => durationRows(reader, metric, by, criteria))),
    ...COUNTERS.flatMap((metric) => groups(metric).map((by) => counterRows(reader, metric, by))),
    ...groups("http_req_failed").map((by) => failureRows(reader, by)),
    ...groups("checks").map((by) => checkRows(reader, by)),
    ...groups(WRONG_ANSWERS).map((by) => wrongAnswerRows(reader, by)),
  ]);
  return rows.flat();
}

/** By endpoint, phase and step where a report shows them, and as the criteria ask. */
function groupsFor(criteria: readonly ClientCriterion[], plan: LoadPlan) {
  const hasSteps = plan.stages.some(({ step }) => step !== null);
  const broken = [["name"], ["phase"], ["name", "phase"], ...(hasSteps ? [["step"], ["name", "step"]] : [])];
  return (metric: string): string[][] => {
    const asked = criteria
      .filter((criterion) => criterion.metric === metric)
      .map((criterion) => Object.keys(tagsOf(criterion)).sort());
    const shown = ["http_req_duration", "http_req_failed", "http_reqs"].includes(metric) ? broken : [];
    const all = [[], ...shown, ...asked].map((keys) => [...keys].sort());
    return [...new Map(all.map((keys) => [keys.join(), keys])).values()];
  };
}

/** Labels that hold every key: a series without the tag is not of the group. */
const holdsAll = (labels: Readonly<Tags>, by: readonly string[]) => by.every((key) => labels[key]);

async function durationRows(
  reader: RunReader,
  metric: string,
  by: readonly string[],
  criteria: readonly ClientCriterion[],
): Promise<MetricRow[]> {
  const [found, breaches] = await Promise.all([
    reader.durations(metric, by),
    metric === "http_req_duration" ? reader.counts("headroom_beyond", ["limit"]) : [],
  ]);
  return found
    .filter(({ labels }) => holdsAll(labels, by))
    .map((histogram) => durationRow(metric, histogram, by, criteria, breaches));
}

function durationRow(
  metric: string,
  { labels, count, sum, buckets }: HistogramSeries,
  by: readonly string[],
  criteria: readonly ClientCriterion[],
  breaches: readonly { labels: Tags; count: number }[],
): MetricRow {
  const tags = Object.fromEntries(by.map((key) => [key, labels[key] as string]));
  const about = { metric, tags, type: "trend" as const, samples: Math.round(count) };
  const exact = metric === "http_req_duration" ? limitsOn(tags, criteria) : [];
  const cut = exact.reduce<readonly Bucket[]>((known, limit) => {
    const { operator, ms } = limit;
    const broken = breaches.find((breach) => breach.labels.limit === limitKey(limit))?.count;
    if (broken === undefined) return known;
    const below = operator === "<=" || operator === "<" ? count - broken : broken;
    return cutAt(known, { at: ms, below }) ?? known;
  }, buckets);
  const found = QUANTILE_GRID.map((q) => quantileOf(cut, q));
  const [first, last] = [cut[0], cut.at(-1)];
  if (first === undefined || last === undefined || found.some((one) => one === null)) return about;
  const quantiles = found.map((one) => round(one?.value ?? Number.NaN));
  return {
    ...about,
    avg: round(sum / count),
    min: quantiles[0] as number,
    max: quantiles.at(-1) as number,
    quantiles,
    quantileBounds: found.map((one) => [round(one?.bucket.low ?? 0), round(one?.bucket.high ?? 0)]),
  };
}

const round = (ms: number) => Math.round(ms * 1000) / 1000;

function limitsOn(tags: Readonly<Tags>, criteria: readonly ClientCriterion[]) {
  return durationLimits(criteria).filter(
    ({ endpoint, phase }) =>
      endpoint === (tags.name ?? null) &&
      phase === (tags.phase ?? null) &&
      Object.keys(tags).length === Number(endpoint !== null) + Number(phase !== null),
  );
}

async function counterRows(reader: RunReader, metric: string, by: readonly string[]): Promise<MetricRow[]> {
  const found = (await reader.counts(metric, by)).filter(({ labels }) => holdsAll(labels, by));
  const silent = SILENT_COUNTERS.includes(metric) && by.length === 0 && found.length === 0;
  return (silent ? [{ labels: {}, count: 0 }] : found).map(({ labels, count }) => ({
    metric,
    tags: labels,
    type: "counter",
    samples: Math.round(count),
    count,
  }));
}

async function failureRows(reader: RunReader, by: readonly string[]): Promise<MetricRow[]> {
  const found = await reader.counts("http_reqs", [...by, "expected_response"]);
  return rateRows("http_req_failed", found, by, ({ expected_response }) => expected_response === "false");
}

async function checkRows(reader: RunReader, by: readonly string[]): Promise<MetricRow[]> {
  const found = await reader.counts("headroom_checks", [...by, "passed"]);
  return rateRows("checks", found, by, ({ passed }) => passed === "true");
}

async function wrongAnswerRows(reader: RunReader, by: readonly string[]): Promise<MetricRow[]> {
  const found = await reader.counts("headroom_answers", [...by, "right"]);
  return rateRows(WRONG_ANSWERS, found, by, ({ right }) => right === "false");
}

/** The share that `isTrue`, of all that was counted under the same tags. */
function rateRows(
  metric: string,
  counts: readonly { labels: Tags; count: number }[],
  by: readonly string[],
  isTrue: (labels: Tags) => boolean,
): MetricRow[] {
  const byTags = new Map<string, { tags: Tags; samples: number; hits: number }>();
  for (const { labels, count } of counts.filter(({ labels }) => holdsAll(labels, by))) {
    const tags = Object.fromEntries(by.map((key) => [key, labels[key] as string]));
    const row = byTags.get(JSON.stringify(tags)) ?? { tags, samples: 0, hits: 0 };
    row.samples += count;
    if (isTrue(labels)) row.hits += count;
    byTags.set(JSON.stringify(tags), row);
  }
  return [...byTags.values()]
    .filter(({ samples }) => samples > 0)
    .map(({ tags, samples, hits }) => ({
      metric,
      tags,
      type: "rate",
      samples: Math.round(samples),
      ratio: hits / samples,
    }));
}
