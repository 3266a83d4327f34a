import { plannedIterations } from "../../../scenarios/lib/load.ts";
import type { Evidence } from "../../model/evidence.ts";
import { QUANTILE_GRID } from "../../model/metric-row.ts";
import type { LoadOrder, Measurement } from "../engine.ts";
import { redirectsOf } from "../redirects-of.ts";
import { explainExit, UNKNOWN_DIAL_ERROR } from "./exit-codes.ts";
import type { K6 } from "./find-k6.ts";
import type { LogKeeper } from "./log.ts";
import type { RecordReader } from "./record.ts";
import {
  counted,
  loadBeganMs,
  type Summary,
  setupMsOf,
  toChecks,
  toEngineThresholds,
  toErrors,
  toHosts,
  toRedirected,
  toRows,
  toStatusCounts,
  toWithoutInformation,
} from "./summary.ts";

/** What k6 logs when a file named by handleSummary cannot be written; it still exits 0. */
const SUMMARY_NOT_SAVED = /could not (save|open)|end-of-test summary/i;

/** What a run of k6 left. */
export interface Parts {
  readonly k6: K6;
  readonly order: LoadOrder;
  readonly reader: RecordReader;
  readonly summary: { summary: Summary; ownError: string | null } | null;
  readonly ended: { readonly code: number | null; readonly signal: string | null };
  readonly interrupted: boolean;
  /** The time after which it was stopped because it should long have ended; null: it was not. */
  readonly overdueMs: number | null;
  /** Share of the cores it may use, per second. */
  readonly cpu: { readonly cores: number; readonly samples: number[] };
  readonly log: LogKeeper;
  readonly startedAt: Date;
}

/** The measurement that the remains of a run make, however it ended. */
export function assemble(parts: Parts): Measurement {
  const { k6, reader, summary } = parts;
  const recordedMs = reader.startMs ?? parts.startedAt.getTime();
  const beganMs = Math.max(recordedMs, loadBeganMs(summary?.summary ?? null) ?? recordedMs);
  return {
    engine: { name: "k6", version: k6.version },
    startedAt: new Date(beganMs).toISOString(),
    endedAt: new Date().toISOString(),
    evidence: gatherEvidence(parts),
    quantileGrid: [...QUANTILE_GRID],
    metrics: summary ? toRows(summary.summary) : [],
    checks: summary ? toChecks(summary.summary.root_group) : [],
    statusCounts: summary ? toStatusCounts(summary.summary) : [],
    errors: withOwn(summary ? toErrors(summary.summary) : [], parts.log.ownErrors),
    timeline: { periodMs: 1000, series: reader.series(beganMs - recordedMs) },
    engineThresholds: summary ? toEngineThresholds(summary.summary, parts.order.criteria) : [],
  };
}

/** k6 has one code for all that the system refuses; its log tells which were the generator's own. */
function withOwn(errors: Measurement["errors"], own: LogKeeper["ownErrors"]): Measurement["errors"] {
  const ofGenerator = [...own].map(([kind, count]) => ({ kind, count }));
  const sum = ofGenerator.reduce((total, { count }) => total + count, 0);
  return errors
    .map(({ kind, count }) => ({ kind, count: kind === UNKNOWN_DIAL_ERROR ? count - sum : count }))
    .filter(({ count }) => count > 0)
    .concat(ofGenerator)
    .sort((a, b) => b.count - a.count);
}

function gatherEvidence(parts: Parts): Evidence {
  const { order, reader, summary, ended, interrupted, overdueMs, cpu, log } = parts;
  const data = summary?.summary ?? null;
  const lengthMs = data?.state.testRunDurationMs ?? reader.seconds * 1000;
  const durationMs = Math.max(0, lengthMs - setupMsOf(data));
  const abortedByCriterion = !interrupted && log.abortedByThreshold;
  const cutShort = interrupted || abortedByCriterion;
  const plan = order.plan;
  const ownError = summary?.ownError;
  const refusedHosts = log.refusedHosts();
  return {
    exit: explainExit(ended.code, ended.signal, overdueMs),
    summaryComplete: data !== null,
    interrupted,
    abortedByCriterion,
    durationMs,
    plannedIterations:
      plan?.model === "open"
        ? Math.floor(plannedIterations(plan, cutShort ? durationMs : plan.totalMs))
        : null,
    iterations: data && counted(data, "iterations"),
    droppedIterations: data && counted(data, "dropped_iterations"),
    ...(data && !cutShort ? { unfinishedIterations: unfinishedOf(order, durationMs) } : {}),
    maxUsers: plan?.maxUsers ?? null,
    usersSeen: data?.metrics.vus_max?.values.max ?? null,
    exceptions: data && counted(data, "headroom_exceptions"),
    rateLimited: data && Math.max(counted(data, "headroom_limited"), counted(data, "http_reqs{status:429}")),
    ...(data && { withoutInformation: toWithoutInformation(data) }),
    ...(data && { redirects: redirectsOf(order.journey, toRedirected(data), log.redirectedTo) }),
    stalledMs: reader.stalledMs,
    generatorCpu: cpu.samples.length === 0 ? null : { ...cpu },
    scriptSummaryError: ownError ?? log.lines().find((line) => SUMMARY_NOT_SAVED.test(line)) ?? null,
    log: log.lines(),
    ...(refusedHosts.length === 0 ? {} : { refusedHosts }),
    ...(data === null || order.journey !== null
      ? {}
      : { hosts: toHosts(data, (slot) => log.hostsOf(slot)), allowedHosts: [...order.reach.hosts] }),
  };
}

/** k6's own gracefulStop, and what it may be short of it, ms. */
const GRACE_MS = 30_000;
const SHORT_OF_MS = 500;

/**
 * k6 tells of an iteration that it cut at the end of the graceful stop only by having used all of it. One that thinks for
 * nearly as long would be cut on a sound target too.
 */
function unfinishedOf({ plan, journey }: LoadOrder, durationMs: number): number {
  if (plan === null || journey === null) return 0;
  const pauseMs = journey.steps.reduce((sum, { pauseSeconds = 0 }) => sum + pauseSeconds * 1000, 0);
  return pauseMs < GRACE_MS / 2 && durationMs >= plan.totalMs + GRACE_MS - SHORT_OF_MS ? 1 : 0;
}
