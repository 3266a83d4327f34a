import { type LoadPlan, plannedIterations } from "../../../scenarios/lib/load.ts";
import type { Evidence } from "../../model/evidence.ts";
import { type MetricRow, QUANTILE_GRID } from "../../model/metric-row.ts";
import type { Measurement } from "../engine.ts";
import type { Recorder } from "./recorder.ts";
import { rowsOfChecks, type Tally } from "./tally.ts";

/** What a run of the embedded engine left. */
export interface Parts {
  readonly version: string;
  readonly plan: LoadPlan;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly durationMs: number;
  /** Why the run could not begin; null: it did. */
  readonly failure: string | null;
  readonly interrupted: boolean;
  readonly abortedByCriterion: boolean;
  readonly iterations: { readonly started: number; readonly finished: number; readonly dropped: number };
  readonly usersSeen: number;
  readonly recorder: Recorder;
  readonly tally: Tally;
  readonly refusedHosts: NonNullable<Evidence["refusedHosts"]>;
  readonly watch: { readonly cores: number; readonly cpu: number[]; readonly stalledMs: number };
  readonly log: readonly string[];
}

/** The measurement that the remains of a run make. */
export function assemble(parts: Parts): Measurement {
  const { recorder, tally } = parts;
  return {
    engine: { name: "autocannon", version: parts.version },
    startedAt: parts.startedAt.toISOString(),
    endedAt: parts.endedAt.toISOString(),
    evidence: gatherEvidence(parts),
    quantileGrid: [...QUANTILE_GRID],
    metrics: rowsOf(recorder, tally, parts.iterations.finished),
    checks: [...tally.checks].map(([name, counts]) => ({ name, ...counts })),
    statusCounts: recorder.statusCounts(),
    errors: [...tally.errors].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
    timeline: { periodMs: 1000, series: recorder.timeline() },
    engineThresholds: [],
  };
}

export function rowsOf(recorder: Recorder, tally: Tally, iterations: number): MetricRow[] {
  return [
    ...recorder.rows(),
    ...rowsOfChecks(tally),
    { metric: "iterations", tags: {}, type: "counter", samples: iterations, count: iterations },
  ];
}

function gatherEvidence(parts: Parts): Evidence {
  const { plan, failure, durationMs, iterations, tally, refusedHosts, watch } = parts;
  const isCutShort = parts.interrupted || parts.abortedByCriterion;
  const planned = Math.floor(plannedIterations(plan, isCutShort ? durationMs : plan.totalMs) + 1e-6);
  return {
    exit: {
      code: failure === null ? 0 : 1,
      signal: null,
      meaning: failure ?? (parts.abortedByCriterion ? "stopped by a criterion" : "ended normally"),
      complete: failure === null,
      markedFailed: false,
    },
    summaryComplete: true,
    interrupted: parts.interrupted,
    abortedByCriterion: parts.abortedByCriterion,
    durationMs,
    plannedIterations: plan.model === "open" ? planned : null,
    iterations: iterations.finished,
    droppedIterations: iterations.dropped,
    ...(isCutShort ? {} : { unfinishedIterations: iterations.started - iterations.finished }),
    maxUsers: plan.maxUsers,
    usersSeen: parts.usersSeen,
    exceptions: tally.exceptions,
    rateLimited: tally.rateLimited,
    withoutInformation: [...tally.withoutInformation].map(([endpoint, count]) => ({ endpoint, count })),
    redirects: [...tally.redirects.values()],
    ...(refusedHosts.length === 0 ? {} : { refusedHosts }),
    stalledMs: watch.stalledMs,
    generatorCpu: watch.cpu.length === 0 ? null : { cores: watch.cores, samples: watch.cpu },
    scriptSummaryError: null,
    log: failure === null ? [...parts.log] : [failure, ...parts.log],
  };
}
