import { isFloor, type ServerCriterion } from "../model/criterion.ts";
import { messageOf } from "../model/problem.ts";
import type { ServerObservation } from "../model/run.ts";
import type { PrometheusClient } from "../prometheus/client.ts";
import { fillWindow } from "../prometheus/promql.ts";
import type { QueryResult, Series } from "../prometheus/series.ts";

/** Finest step worth asking for, and how many steps a window is cut into at most. */
const FINEST_STEP_MS = 1000;
const MOST_STEPS = 240;

/** Share of a run's moments that must have a value, or what holds of them may not hold of the run. */
const LEAST_SEEN = 0.5;

/** A store that holds back the newest samples shows them after this time at most. */
const LONGEST_DELAY_MS = 40_000;
const POLL_MS = 2000;
/** Scrapes are looked for within this time, and may be late by that much. */
const LOOK_BACK_MS = 300_000;
const LATE_MS = 5000;

/**
 * Until the store shows the end of the run. VictoriaMetrics holds back the last 30 s (-search.latencyOffset) and answers
 * with the value before them instead: a short run would have no data, a long one would be judged without its end.
 * Told by when anything was scraped last, against how often that happens.
 */
export async function untilShown(
  client: Pick<PrometheusClient, "range" | "clockAheadMs">,
  endMs: number,
  announce: () => void,
): Promise<void> {
  const deadlineMs = Date.now() + LONGEST_DELAY_MS;
  for (let attempt = 0; Date.now() < deadlineMs; attempt++) {
    // Known after the first answer; until then the clocks are taken to agree.
    const nowMs = Date.now() + client.clockAheadMs;
    const query = "max(timestamp(up)) * 1000";
    const { series } = await client.range(query, nowMs - LOOK_BACK_MS, nowMs, FINEST_STEP_MS);
    const scrapes = [...new Set(series[0]?.values)].sort((a, b) => a - b);
    const lastMs = scrapes.at(-1) ?? 0;
    const gaps = scrapes.slice(1).map((at, index) => at - (scrapes[index] as number));
    if (
      lastMs >= endMs + client.clockAheadMs ||
      (gaps.length > 0 && nowMs - lastMs <= Math.min(...gaps) + LATE_MS)
    )
      return;
    if (attempt === 0) announce();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Asks Prometheus each criterion's query over the run. A query that fails is an observation with its error. */
export async function observeServer(
  client: Pick<PrometheusClient, "instant" | "range">,
  criteria: readonly ServerCriterion[],
  window: { startMs: number; endMs: number },
): Promise<ServerObservation[]> {
  return await Promise.all(criteria.map((criterion) => observe(client, criterion, window)));
}

async function observe(
  client: Pick<PrometheusClient, "instant" | "range">,
  criterion: ServerCriterion,
  { startMs, endMs }: { startMs: number; endMs: number },
): Promise<ServerObservation> {
  const query = fillWindow(criterion.query, endMs - startMs);
  const about = { id: criterion.id, query: criterion.query };
  try {
    if (criterion.stat.kind === "last")
      return { ...about, ...reduce(await client.instant(query, endMs), criterion), error: null };
    const stepMs = stepFor(endMs - startMs);
    const result = await client.range(query, startMs, endMs, stepMs);
    const { warnings, ...seen } = reduce(result, criterion);
    const gaps = gapsOf(result, Math.floor((endMs - startMs) / stepMs));
    return { ...about, ...seen, warnings: [...warnings, ...gaps], error: null };
  } catch (thrown) {
    return { ...about, samples: 0, values: [], warnings: [], error: messageOf(thrown) };
  }
}

/**
 * Each series by itself: one that appeared late or ended early, such as with the process that told it, is a part of the run
 * however well its siblings were seen.
 */
function gapsOf({ series }: QueryResult, moments: number): string[] {
  const gaps = series
    .map(({ labels, timesMs }) => ({ labels, seen: new Set(timesMs).size }))
    .filter(({ seen }) => seen < LEAST_SEEN * moments)
    .sort((a, b) => a.seen - b.seen);
  const [worst, ...others] = gaps;
  // Where no series has a value there is nothing to observe, which is said by itself.
  if (worst === undefined || series.every(({ timesMs }) => timesMs.length === 0)) return [];
  const which = series.length === 1 ? "" : ` of ${formatLabels(worst.labels)}`;
  const more = others.length === 0 ? "" : ` (and ${others.length} more series)`;
  return [`only ${worst.seen} of ${moments} moments of the run have a value${which}${more}`];
}

/** +Inf (of a division by 0, or beyond a histogram's last bucket) holds no limit, and is not among the values. */
function infinitesOf({ series }: QueryResult): string[] {
  const [first, ...others] = series.filter(({ infinite = 0 }) => infinite > 0);
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : ` (and ${others.length} more series)`;
  return [`${first.infinite} moments of ${formatLabels(first.labels)} are infinite${more}`];
}

const formatLabels = (labels: Readonly<Record<string, string>>) =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(", ")}}`;

function stepFor(windowMs: number): number {
  return Math.max(FINEST_STEP_MS, Math.ceil(windowMs / MOST_STEPS / 1000) * 1000);
}

/** The worst decide; of a hundred thousand pods a report names these. */
const MOST_SERIES = 100;

function reduce(result: QueryResult, criterion: ServerCriterion) {
  const series = result.series.filter(({ values }) => values.length > 0);
  const fromBelow = isFloor(criterion.bound);
  const values = series.map((one) => ({ labels: { ...one.labels }, value: reduceSeries(one, criterion) }));
  const worstFirst = values.toSorted((a, b) => (fromBelow ? a.value - b.value : b.value - a.value));
  return {
    samples: series.reduce((sum, one) => sum + one.values.length, 0),
    values: values.length > MOST_SERIES ? worstFirst.slice(0, MOST_SERIES) : values,
    warnings: [...result.warnings, ...infinitesOf(result)],
  };
}

function reduceSeries({ values }: Series, { stat }: ServerCriterion): number {
  const sorted = values.toSorted();
  switch (stat.kind) {
    case "min":
      return sorted[0] as number;
    case "avg":
      return sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    case "last":
      return values.at(-1) as number;
    case "quantile":
      return sorted[Math.max(0, Math.ceil(stat.q * sorted.length) - 1)] as number;
    default:
      return sorted.at(-1) as number;
  }
}
