import type { LoadPlan } from "../../../scenarios/lib/load.ts";
import { plannedIterations } from "../../../scenarios/lib/load.ts";
import type { Evidence } from "../../model/evidence.ts";
import { findRow, type MetricRow, QUANTILE_GRID } from "../../model/metric-row.ts";
import { InputError } from "../../model/problem.ts";
import type { PrometheusClient } from "../../prometheus/client.ts";
import type { Engine, LoadOrder, Measurement } from "../engine.ts";
import { errorKind } from "../k6/exit-codes.ts";
import { redirectsOf } from "../redirects-of.ts";
import { findMarks, lastWriteMs, type Marks } from "./find-run.ts";
import { RunReader, readRows, type Window } from "./read-run.ts";
import { readTimeline } from "./read-timeline.ts";
import { fingerprint } from "./run-order.ts";

/** Generators write every 5 s; who has not for so long is gone, or its writes are refused. */
const SILENCE_MS = 30_000;
const POLL_MS = 2000;
/** Marks and last samples travel in one write; this is for the store to have taken it in. */
const SETTLE_MS = 1000;

/**
 * Generators that run somewhere else and write to a store: the order is not carried out, it is waited for and read
 * back. What they measured is summed in the store, so that the verdict is that of the one load they made together.
 */
export function distributedEngine(client: PrometheusClient, runId: string, marks: Marks): Engine {
  const expected = Number(marks.labels.runners);
  return {
    name: "k6",
    version: marks.labels.k6,
    generators: expected,
    async prepare(order: LoadOrder) {
      const { plan } = order;
      if (plan === null || fingerprint(plan) !== marks.labels.load) throw otherLoad(runId, marks);
      return {
        totalMs: plan.totalMs,
        maxUsers: plan.maxUsers,
        memoryBytes: null,
        async run() {
          const known = await untilEnded(client, runId, marks, plan, order);
          const startMs = Math.min(...known.begun.values());
          const isWhole = [...known.begun.keys()].every((runner) => known.ended.has(runner));
          const endMs = (isWhole ? Math.max(...known.ended.values()) : Date.now()) + SETTLE_MS;
          return await read(client, { runId, startMs, endMs }, known, plan, order);
        },
      };
    },
  };
}

const otherLoad = (runId: string, { labels }: Marks) =>
  InputError.option(
    `${runId} was exported with another load than ${labels.scenario} of ${labels.system} has now`,
    "Judge it in the version of the scenarios that it was exported with",
  );

/** Until every generator has ended, none has written for a while, or the wait is interrupted. */
async function untilEnded(
  client: PrometheusClient,
  runId: string,
  first: Marks,
  plan: LoadPlan,
  { signal, onProgress }: LoadOrder,
): Promise<Marks> {
  let marks = first;
  const startMs = Math.min(...marks.begun.values());
  const expected = Number(marks.labels.runners);
  while (marks.ended.size < expected && !signal.aborted) {
    const lastMs = Math.max((await lastWriteMs(client, runId)) ?? 0, ...marks.begun.values());
    if (Date.now() - lastMs > SILENCE_MS) break;
    onProgress({ ...NOTHING_YET, elapsedMs: Date.now() - startMs, totalMs: plan.totalMs });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    marks = (await findMarks(client, runId)) ?? marks;
  }
  if (Date.now() - Math.max(...marks.begun.values(), ...marks.ended.values()) < SETTLE_MS)
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return marks;
}

const NOTHING_YET = { requestsPerSecond: null, p95Ms: null, failedRatio: null, users: null };

async function read(
  client: PrometheusClient,
  window: Window,
  marks: Marks,
  plan: LoadPlan,
  order: LoadOrder,
): Promise<Measurement> {
  const reader = new RunReader(client, window);
  const [
    metrics,
    timeline,
    checks,
    byStatus,
    byError,
    expectedErrors,
    limited,
    redirected,
    exceptions,
    usersSeen,
  ] = await Promise.all([
    readRows(reader, order.criteria, plan),
    readTimeline(client, window),
    reader.counts("headroom_checks", ["check", "passed"]),
    reader.counts("http_reqs", ["status"]),
    reader.counts("http_reqs", ["error_code"], ',error_code!=""'),
    reader.counts("headroom_without_information", ["name"]),
    reader.total("headroom_limited"),
    reader.counts("headroom_redirected", ["name", "to"]),
    reader.total("headroom_exceptions"),
    reader.greatest("vus_max"),
  ]);
  const count = (metric: string) => findRow(metrics, metric, {})?.count ?? null;
  const statusCounts = byStatus
    .map(({ labels, count }) => ({ status: Number(labels.status ?? 0), count: Math.round(count) }))
    .sort((a, b) => a.status - b.status);
  const refused = statusCounts.find(({ status }) => status === 429)?.count ?? 0;
  const allEnded = marks.ended.size >= Number(marks.labels.runners);
  const evidence: Evidence = {
    exit: {
      code: null,
      signal: null,
      meaning: `${marks.ended.size} of ${marks.labels.runners} generators said that they ended`,
      complete: allEnded,
      markedFailed: false,
    },
    summaryComplete: metrics.length > 0,
    interrupted: order.signal.aborted,
    abortedByCriterion: false,
    durationMs: window.endMs - SETTLE_MS - window.startMs,
    plannedIterations: plan.model === "open" ? Math.floor(plannedIterations(plan)) : null,
    iterations: whole(count("iterations")),
    droppedIterations: whole(count("dropped_iterations")),
    maxUsers: plan.maxUsers,
    usersSeen: whole(usersSeen),
    exceptions: whole(exceptions ?? 0),
    rateLimited: Math.max(Math.round(limited ?? 0), refused),
    withoutInformation: expectedErrors.map(({ labels, count }) => ({
      endpoint: labels.name ?? "",
      count: Math.round(count),
    })),
    redirects: redirectsOf(order.journey, ...tallyRedirects(redirected)),
    generatorCpu: null,
    scriptSummaryError: null,
    log: [],
    generators: {
      expected: Number(marks.labels.runners),
      begun: [...marks.begun.keys()].sort(byNumber),
      ended: [...marks.ended.keys()].sort(byNumber),
      repeated: [...marks.repeated].sort(byNumber),
      beginSpreadMs: Math.max(...marks.begun.values()) - Math.min(...marks.begun.values()),
      unaccounted: unaccounted(metrics),
    },
  };
  return {
    engine: { name: "k6", version: marks.labels.k6, generators: Number(marks.labels.runners) },
    startedAt: new Date(window.startMs).toISOString(),
    endedAt: new Date(window.endMs).toISOString(),
    evidence,
    quantileGrid: [...QUANTILE_GRID],
    metrics,
    checks: tallyChecks(checks),
    statusCounts,
    errors: byError
      .filter(({ labels }) => !isAnswer(Number(labels.error_code)))
      .map(({ labels, count }) => ({ kind: errorKind(Number(labels.error_code)), count: Math.round(count) }))
      .sort((a, b) => b.count - a.count),
    timeline,
    engineThresholds: [],
  };
}

/** k6 gives statuses of 400 and above a code of errors too (1400 to 1599). */
const isAnswer = (code: number) => code >= 1400 && code < 1600;

const whole = (count: number | null) => (count === null ? null : Math.round(count));
const byNumber = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });

/** Requests that were counted and whose duration the store does not have. */
function unaccounted(metrics: readonly MetricRow[]): number {
  const requests = findRow(metrics, "http_reqs", {})?.samples ?? 0;
  return requests - (findRow(metrics, "http_req_duration", {})?.samples ?? 0);
}

/** How many by endpoint, and where most of them led. */
function tallyRedirects(counts: readonly { labels: Record<string, string>; count: number }[]) {
  const requests = new Map<string, number>();
  const to = new Map<string, string>();
  for (const { labels, count } of counts.toSorted((a, b) => b.count - a.count)) {
    const name = labels.name ?? "";
    requests.set(name, (requests.get(name) ?? 0) + Math.round(count));
    if (!to.has(name)) to.set(name, labels.to ?? "");
  }
  return [requests, to] as const;
}

function tallyChecks(counts: readonly { labels: Record<string, string>; count: number }[]) {
  const byName = new Map<string, { passes: number; fails: number }>();
  for (const { labels, count } of counts) {
    const name = labels.check ?? "";
    const tally = byName.get(name) ?? { passes: 0, fails: 0 };
    tally[labels.passed === "true" ? "passes" : "fails"] += Math.round(count);
    byName.set(name, tally);
  }
  return [...byName].map(([name, tally]) => ({ name, ...tally })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
