import type { History, SignalHistory } from "../model/history.ts";
import { ToolError } from "../model/problem.ts";
import type { PrometheusClient } from "../prometheus/client.ts";
import { countersOf } from "../prometheus/counters.ts";
import { fillWindow } from "../prometheus/promql.ts";
import type { Series } from "../prometheus/series.ts";
import type { Profile, Signal } from "./profile/profile.ts";

const DAY_MS = 86_400_000;
/** Days at the end that are asked for in the fine step; what is before them is there for the season, an hour at a time. */
const FINE_MS = 90 * DAY_MS;
const OLDER_STEP_MS = 3_600_000;
/** A rate needs several scrapes in its window to survive a missed one. */
const SCRAPES_IN_WINDOW = 4;

export interface HistoryWindow {
  /** The last point is at or before this. */
  readonly endMs: number;
  readonly lengthMs: number;
  readonly stepMs: number;
  readonly scrapeMs: number;
}

/**
 * The history of every signal of a profile. A query that fails, is empty or gives more than one series is kept as
 * such; throws the first failure when every query fails.
 */
export async function fetchHistory(
  { system, signals }: Profile,
  client: PrometheusClient,
  window: HistoryWindow,
  source: string,
  onDone: (signal: string, done: number) => void = () => {},
): Promise<History> {
  const { stepMs } = window;
  const endMs = Math.floor(window.endMs / stepMs) * stepMs;
  const isLong = window.lengthMs > FINE_MS && stepMs < OLDER_STEP_MS;
  const points = Math.max(1, Math.round((isLong ? FINE_MS : window.lengthMs) / stepMs));
  const startMs = endMs - (points - 1) * stepMs;
  const older = isLong ? olderWindow(startMs, endMs - window.lengthMs, window.scrapeMs) : null;
  const rateMs = Math.max(SCRAPES_IN_WINDOW * window.scrapeMs, stepMs);
  // One question first: a server that is not there should be found out once, not once for every signal.
  await client.instant("vector(1)", endMs);
  let done = 0;
  const failures: ToolError[] = [];
  const fetched = await Promise.all(
    signals.map(async (signal) => {
      const history = await fetchSignal(
        signal,
        client,
        { startMs, endMs, stepMs, rateMs, points },
        older,
        failures,
      );
      onDone(signal.id, ++done);
      return history;
    }),
  );
  if (failures[0] && failures.length === signals.length) throw failures[0];
  const unknown = leadingUnknown(fetched, points);
  return {
    schema: "headroom/history@1",
    system,
    source,
    start: new Date(startMs + unknown * stepMs).toISOString(),
    end: new Date(endMs).toISOString(),
    stepSeconds: stepMs / 1000,
    signals: fetched.map((signal) => withoutUnknown(signal, unknown)),
  };
}

interface Asked {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly rateMs: number;
  readonly points: number;
}

async function fetchSignal(
  { id, query: written }: Signal,
  client: PrometheusClient,
  asked: Asked,
  older: Asked | null,
  failures: ToolError[],
): Promise<SignalHistory> {
  const query = fillWindow(written, asked.rateMs);
  const empty = { id, query, values: [], resets: null, truncated: false, warnings: [] };
  try {
    const { series, warnings } = await client.range(query, asked.startMs, asked.endMs, asked.stepMs);
    const truncated = warnings.some((warning) => /truncat|limit|partial/i.test(warning));
    const [only] = series;
    if (only === undefined)
      return { ...empty, truncated, warnings: [...warnings], failure: "the query gives no samples" };
    if (series.length > 1) {
      const failure = `the query gives ${series.length} series where one is needed: aggregate it, such as sum(…)`;
      return { ...empty, truncated, warnings: [...warnings], failure };
    }
    const resets = await countResets(query, client, asked);
    const before = older === null ? null : await fetchOlder(written, client, older);
    return {
      id,
      query,
      values: onGrid(only, asked),
      ...(before?.values == null || older === null
        ? {}
        : {
            older: {
              start: new Date(older.startMs).toISOString(),
              stepSeconds: older.stepMs / 1000,
              values: before.values,
            },
          }),
      resets: resets.count,
      truncated,
      warnings: [...warnings, ...resets.warnings, ...(before?.warnings ?? [])],
      failure: null,
    };
  } catch (thrown) {
    if (!(thrown instanceof ToolError)) throw thrown;
    failures.push(thrown);
    return { ...empty, failure: thrown.message };
  }
}

/** Points before the day from which the server knows anything of any signal: a longer history was asked for than it keeps. */
function leadingUnknown(signals: readonly SignalHistory[], points: number): number {
  if (points * LEAST_KEPT <= 1) return 0;
  const first = Math.min(
    ...signals.map(({ values }) => values.findIndex((value) => value !== null)).filter((at) => at >= 0),
  );
  return Number.isFinite(first) && first > points * LEAST_KEPT ? first : 0;
}

/** A shorter gap at the start is a gap, and the ledger shows it. */
const LEAST_KEPT = 0.05;

function withoutUnknown(signal: SignalHistory, unknown: number): SignalHistory {
  const { older, ...rest } = signal;
  const values = signal.values.slice(unknown);
  const isKnown = older?.values.some((value) => value !== null);
  return older !== undefined && isKnown ? { ...rest, values, older } : { ...rest, values };
}

/** Whole hours before the fine grid begins, from the day asked for on. */
function olderWindow(fineMs: number, fromMs: number, scrapeMs: number): Asked {
  const endMs = Math.floor((fineMs - 1) / OLDER_STEP_MS) * OLDER_STEP_MS;
  const startMs = Math.ceil(fromMs / OLDER_STEP_MS) * OLDER_STEP_MS;
  const points = Math.max(1, Math.round((endMs - startMs) / OLDER_STEP_MS) + 1);
  const rateMs = Math.max(SCRAPES_IN_WINDOW * scrapeMs, OLDER_STEP_MS);
  return { startMs, endMs, stepMs: OLDER_STEP_MS, rateMs, points };
}

/** The older part of a history; without it a plan does with the newer one, and says why. */
async function fetchOlder(
  written: string,
  client: PrometheusClient,
  older: Asked,
): Promise<{ values: (number | null)[] | null; warnings: string[] }> {
  try {
    const query = fillWindow(written, older.rateMs);
    const { series, warnings } = await client.range(query, older.startMs, older.endMs, older.stepMs);
    const [only] = series;
    const values = only === undefined || series.length > 1 ? null : onGrid(only, older);
    return { values, warnings: [...warnings] };
  } catch (thrown) {
    if (!(thrown instanceof ToolError)) throw thrown;
    return { values: null, warnings: [`the days before the last 90 could not be read: ${thrown.message}`] };
  }
}

/** A store that rounds the window to its own step may answer with a point before or after it. */
function onGrid({ timesMs, values }: Series, { startMs, stepMs, points }: Asked): (number | null)[] {
  const grid = new Array<number | null>(points).fill(null);
  timesMs.forEach((timeMs, index) => {
    const at = Math.round((timeMs - startMs) / stepMs);
    if (at >= 0 && at < points) grid[at] = values[index] as number;
  });
  return grid;
}

/** Resets of the counters under a query, a day at a time; 0 for a query without counters, null where it cannot be asked. */
async function countResets(
  query: string,
  client: PrometheusClient,
  { startMs, endMs }: Asked,
): Promise<{ count: number | null; warnings: string[] }> {
  const counters = countersOf(query);
  if (counters.length === 0) return { count: 0, warnings: [] };
  const sumOver = (window: string) =>
    counters.map((counter) => `sum(resets(${counter}[${window}]))`).join(" + ");
  const lengthMs = endMs - startMs;
  const isShort = lengthMs < 2 * DAY_MS;
  try {
    const { series } = isShort
      ? await client.instant(sumOver(`${Math.max(1, Math.round(lengthMs / 1000))}s`), endMs)
      : await client.range(sumOver("1d"), startMs + DAY_MS, endMs, DAY_MS);
    const [only] = series;
    if (only === undefined)
      return { count: null, warnings: ["counter resets could not be counted: no samples"] };
    return { count: only.values.reduce((total, value) => total + value, 0), warnings: [] };
  } catch (thrown) {
    if (!(thrown instanceof ToolError)) throw thrown;
    return { count: null, warnings: [`counter resets could not be counted: ${thrown.message}`] };
  }
}
