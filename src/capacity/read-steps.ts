import type { LoadPlan, PlannedStage } from "../../scenarios/lib/load.ts";
import { type ClientCriterion, formatStatistic, holds } from "../model/criterion.ts";
import { isSaturated } from "../model/generator-limits.ts";
import { findRow } from "../model/metric-row.ts";
import { ownFault } from "../model/own-errors.ts";
import { limitedShare, RATE_LIMITER } from "../model/rate-limit.ts";
import { statisticOf } from "../model/statistic-of.ts";
import { formatQuantity, unitOfMetric } from "../model/unit.ts";
import { samplesNeeded } from "../stats/quantile-interval.ts";
import { backlogOf, endedOf, growthOf, LEAST_DELIVERED } from "./queue.ts";
import type { Measured, StepResult } from "./step.ts";

/** A step that holds while the generator waits holds all the more, unless it waited for most of the time. */
const MOST_SATURATED = 0.5;
/** A step must have been held for this share of its time to be judged. */
const LEAST_HELD = 0.95;

/**
 * The held levels of a run, each judged by the gate criteria that are recorded per step (latency and failures). A level
 * that the run did not reach, or left early, is not there.
 *
 * @param collapse why the run was stopped early, which breaks the level it was at
 */
export function readSteps(
  run: Measured,
  plan: LoadPlan,
  criteria: readonly ClientCriterion[],
  collapse: string | null = null,
): readonly StepResult[] {
  let startMs = 0;
  const levels: StepResult[] = [];
  for (const stage of plan.stages) {
    const endMs = startMs + stage.durationMs;
    const isReached = run.evidence.durationMs >= startMs + stage.durationMs * LEAST_HELD;
    if (stage.phase === "steady" && isReached) levels.push(readStep(run, plan, stage, startMs, criteria));
    else if (stage.phase === "steady" && collapse !== null) {
      const partly = { ...readStep(run, plan, stage, startMs, []), achieved: 0 };
      if (partly.limiterPasses !== undefined) return [...levels, partly];
      const own = ownFault(run);
      return [
        ...levels,
        { ...partly, valid: own === null, holds: own === null ? false : null, brokenBy: own ?? collapse },
      ];
    }
    startMs = endMs;
  }
  return levels;
}

/** Criteria a step can be judged by. */
export function slaOf(criteria: readonly ClientCriterion[]): ClientCriterion[] {
  return criteria.filter(
    ({ metric, severity, phase, stat }) =>
      severity === "gate" &&
      (phase === null || phase === "steady") &&
      (metric === "http_req_duration" || (metric === "http_req_failed" && stat.kind === "rate")),
  );
}

/** The tightest latency limit of all requests, ms; Infinity where there is none. */
function latencyLimitOf(criteria: readonly ClientCriterion[]): number {
  const limits = slaOf(criteria).filter(
    ({ metric, tags }) => metric === "http_req_duration" && Object.keys(tags).length === 0,
  );
  return Math.min(...limits.map(({ bound }) => bound.value));
}

function readStep(
  run: Measured,
  plan: LoadPlan,
  stage: PlannedStage,
  startMs: number,
  criteria: readonly ClientCriterion[],
): StepResult {
  const tags: Record<string, string> =
    stage.step === null ? { phase: stage.phase } : { step: String(stage.step) };
  const durations = findRow(run.metrics, "http_req_duration", tags);
  const failed = findRow(run.metrics, "http_req_failed", tags);
  const offered = stage.target;
  const achieved = (durations?.samples ?? 0) / (stage.durationMs / 1000);
  const meanMs = durations === null ? null : statisticOf(durations, { kind: "avg" }, run.quantileGrid);
  const p95Ms =
    durations === null ? null : statisticOf(durations, { kind: "quantile", q: 0.95 }, run.quantileGrid);
  const ended = endedOf(run, plan, startMs, stage.durationMs);
  const seen = {
    offered,
    achieved,
    sustained: ended?.sustained ?? null,
    meanMs,
    p95Ms,
    errorRatio: failed === null ? null : statisticOf(failed, { kind: "rate" }, run.quantileGrid),
    concurrency: meanMs === null ? null : (achieved * meanMs) / 1000,
  };
  const invalid = (brokenBy: string): StepResult => ({ ...seen, valid: false, holds: null, brokenBy });
  const broken = (brokenBy: string): StepResult => ({ ...seen, valid: true, holds: false, brokenBy });
  const share = limitedShareOf(run, tags, durations?.samples ?? 0);
  if (share !== null)
    return {
      ...invalid(`${RATE_LIMITER}: ${formatQuantity(share, "ratio")} of the answers`),
      limiterPasses: ((durations?.samples ?? 0) * (1 - share)) / (heldMsOf(run, stage, startMs) / 1000),
    };
  const cpu = cpuOf(run, startMs, stage.durationMs);
  if (isSaturated(cpu, MOST_SATURATED)) return invalid(SATURATED);
  const verdicts = slaOf(criteria).map((criterion) => judge(run, criterion, tags));
  const breaking = verdicts.find((verdict) => verdict.status === "broken");
  const own = ownFault(run) ?? (isSaturated(cpu) ? SATURATED : null);
  if (breaking && own) return invalid(own);
  if (breaking) return broken(breaking.text);
  const unknown = verdicts.find((verdict) => verdict.status === "unknown");
  if (unknown) return invalid(unknown.text);
  const growth =
    backlogOf(run, plan, stage, startMs, { ...seen, due: ended?.due ?? offered }) ??
    growthOf(run, startMs, stage.durationMs, latencyLimitOf(criteria));
  if (growth !== null) return own ? invalid(own) : broken(growth);
  const missing = ((offered - achieved) * stage.durationMs) / 1000;
  const chance = 2 * Math.sqrt((offered * stage.durationMs) / 1000);
  if (achieved < LEAST_DELIVERED * offered && missing > chance)
    return invalid(
      `generator: ${formatQuantity(achieved, "per-second")} of ${formatQuantity(offered, "per-second")} were made`,
    );
  return { ...seen, valid: true, holds: true, brokenBy: null };
}

function judge(
  run: Measured,
  criterion: ClientCriterion,
  tags: Readonly<Record<string, string>>,
): { status: "holds" | "broken" | "unknown"; text: string } {
  const { stat, bound, id } = criterion;
  const row = findRow(run.metrics, criterion.metric, { ...criterion.tags, ...tags });
  const value = row === null ? null : statisticOf(row, stat, run.quantileGrid);
  const needed = stat.kind === "quantile" ? samplesNeeded(stat.q) : 1;
  if (row === null || value === null || row.samples < needed)
    return { status: "unknown", text: `too few samples for ${id}: ${row?.samples ?? 0} of ${needed}` };
  const unit = unitOfMetric(criterion.metric, formatStatistic(stat));
  const what = criterion.metric === "http_req_failed" ? "errors" : "latency";
  const text = `${what}: ${id} ${formatQuantity(value, unit)} against ${formatQuantity(bound.value, unit)}`;
  return { status: holds(bound, value) ? "holds" : "broken", text };
}

/** How long of a step the run lasted. */
const heldMsOf = ({ evidence }: Measured, { durationMs }: PlannedStage, startMs: number) =>
  Math.max(1, Math.min(durationMs, evidence.durationMs - startMs));

const SATURATED = "generator: its CPU was at the limit";

/** The generator's share of its cores in every second of a step. */
const cpuOf = ({ evidence }: Measured, startMs: number, durationMs: number): readonly number[] =>
  evidence.generatorCpu?.samples.slice(
    Math.ceil(startMs / 1000),
    Math.floor((startMs + durationMs) / 1000),
  ) ?? [];

/** Of the step's answers; of all the run's where they were not counted by step. */
function limitedShareOf(
  { metrics, evidence }: Measured,
  tags: Readonly<Record<string, string>>,
  answers: number,
): number | null {
  const limited = findRow(metrics, "headroom_limited", tags)?.count;
  if (limited !== undefined) return limitedShare(limited, answers);
  return limitedShare(evidence.rateLimited ?? 0, findRow(metrics, "http_reqs", {})?.count ?? 0);
}
