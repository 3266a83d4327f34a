import type { LoadPlan, PlannedStage } from "../../scenarios/lib/load.ts";
import type { ClientCriterion } from "../model/criterion.ts";
import { isSaturated } from "../model/generator-limits.ts";
import { findRow } from "../model/metric-row.ts";
import { ownFault } from "../model/own-errors.ts";
import { limitedShare, RATE_LIMITER } from "../model/rate-limit.ts";
import { statisticOf } from "../model/statistic-of.ts";
import { formatQuantity } from "../model/unit.ts";
import { theilSen } from "../stats/lines.ts";
import { medianOf } from "../stats/quantiles.ts";
import { backlogOf } from "./backlog.ts";
import type { EndpointTimes } from "./journey-times.ts";
import { judgeStep, saysNothing, type Verdict } from "./judge-step.ts";
import { keptOf, slaOf } from "./sla.ts";
import type { Measured, StepResult } from "./step.ts";
import { type Usual, usualOf } from "./usual.ts";

/** A step that holds while the generator waits holds all the more, unless it waited for most of the time. */
const MOST_SATURATED = 0.5;
/** A step must have been held for this share of its time to be judged. */
const LEAST_HELD = 0.95;
/** One at which the load was ended, for this long. */
const LEAST_HELD_MS = 1000;
/** A lighter load is one of at most this share. */
const LIGHTER = 0.8;

/** Why a load was ended before its time: a target that does not answer breaks, one whose backlog grew is judged by it. */
export interface Stopped {
  readonly why: "collapse" | "backlog";
  readonly text: string;
  readonly reason: "errors" | "latency" | "throughput";
}

export interface Reading {
  readonly plan: LoadPlan;
  readonly criteria: readonly ClientCriterion[];
  readonly endpoints: readonly EndpointTimes[];
  /** From lighter loads before; null: none was seen. */
  readonly usual: Usual | null;
  readonly stopped: Stopped | null;
}

/** The held levels of a run, where each begins and the tags of its samples. */
function levelsOf({ plan }: Reading) {
  let startMs = 0;
  return plan.stages.flatMap((stage) => {
    const beganMs = startMs;
    startMs += stage.durationMs;
    const tags: Record<string, string> =
      stage.step === null ? { phase: stage.phase } : { step: String(stage.step) };
    return stage.phase === "steady" ? [{ stage, startMs: beganMs, tags }] : [];
  });
}

/**
 * The held levels of a run, each judged by the gate criteria that are recorded per step (latency and failures), and by
 * whether it was steady. A level that the run did not reach, or left early without a reason, is not there.
 */
export function readSteps(
  run: Measured,
  reading: Reading,
): { readonly steps: readonly StepResult[]; readonly usual: Usual | null } {
  const { evidence } = run;
  const levels = levelsOf(reading).filter(({ startMs }) => evidence.durationMs > startMs);
  let { usual } = reading;
  for (const { stage, tags } of levels)
    if (usual === null || stage.target < usual.rate)
      usual = usualOf(run, tags, stage.target, reading.endpoints) ?? usual;
  const steps = levels.flatMap(({ stage, startMs, tags }) => {
    const isWhole = evidence.durationMs >= startMs + stage.durationMs * LEAST_HELD;
    return isWhole || (reading.stopped !== null && evidence.durationMs >= startMs + LEAST_HELD_MS)
      ? [readStep(run, { ...reading, usual }, stage, startMs, tags, isWhole)]
      : [];
  });
  return { steps, usual };
}

function readStep(
  run: Measured,
  reading: Reading,
  stage: PlannedStage,
  startMs: number,
  tags: Readonly<Record<string, string>>,
  isWhole: boolean,
): StepResult {
  const { plan, endpoints, usual } = reading;
  const durations = findRow(run.metrics, "http_req_duration", tags);
  const failed = findRow(run.metrics, "http_req_failed", tags);
  const seconds = heldMsOf(run, stage, startMs) / 1000;
  const achieved = (durations?.samples ?? 0) / seconds;
  const meanMs = durations === null ? null : statisticOf(durations, { kind: "avg" }, run.quantileGrid);
  const p95Ms =
    durations === null ? null : statisticOf(durations, { kind: "quantile", q: 0.95 }, run.quantileGrid);
  const backlog =
    usual === null
      ? null
      : backlogOf(run, plan, endpoints, usual, { startMs, endMs: startMs + seconds * 1000 });
  const figures = {
    offered: stage.target,
    achieved,
    sustained: backlog === null ? null : backlog.answered / backlog.seconds,
    meanMs,
    p95Ms,
    errorRatio: failed === null ? null : statisticOf(failed, { kind: "rate" }, run.quantileGrid),
    concurrency: meanMs === null ? null : (achieved * meanMs) / 1000,
    watched: backlog?.due ?? 0,
  };
  const kept = slaOf(reading.criteria).map((criterion) => keptOf(run, criterion, tags));
  const isBrokenByErrors = kept.some(({ status, what }) => status === "broken" && what === "errors");
  const share =
    limitedShareOf(run, tags, durations?.samples ?? 0) ??
    (isBrokenByErrors ? fewLimited(run, tags, figures.errorRatio ?? 0) : null);
  if (share !== null)
    return {
      ...figures,
      ...saysNothing("rate-limiter", `${RATE_LIMITER}: ${formatQuantity(share, "ratio")} of the answers`),
      limiterPasses: ((durations?.samples ?? 0) * (1 - share)) / seconds,
    };
  return { ...figures, ...verdictOf() };

  function verdictOf(): Verdict {
    const cpu = cpuOf(run, startMs, seconds * 1000);
    if (isWhole && isSaturated(cpu, MOST_SATURATED)) return saysNothing("generator", SATURATED);
    const own = ownFault(run) ?? (isSaturated(cpu) ? SATURATED : null);
    const { stopped } = reading;
    if (!isWhole && stopped?.why === "collapse")
      return own !== null
        ? saysNothing("generator", own)
        : {
            valid: true,
            holds: false,
            reason: stopped.reason,
            brokenBy: stopped.text,
            atLeast: null,
            atMost: stage.target,
          };
    return judgeStep({
      offered: stage.target,
      // What was begun and cut off was made, although nobody waited for its answer.
      achieved: isWhole ? achieved : stage.target,
      seconds,
      kept,
      backlog,
      slower: slowerOf(run, tags, stage.target, usual),
      climbs: climbsOf(run, startMs, seconds * 1000),
      own,
    });
  }
}

/** Fewer answers of an endpoint are not compared. */
const LEAST_COMPARED = 30;

/** Mean latency over that at a lighter load, of the endpoint that became slowest; null: no lighter load was seen. */
function slowerOf(
  run: Measured,
  tags: Readonly<Record<string, string>>,
  rate: number,
  usual: Usual | null,
): number | null {
  if (usual === null || usual.rate > LIGHTER * rate) return null;
  const slower = [...usual.meanMs].flatMap(([endpoint, meanMs]) => {
    const row = findRow(run.metrics, "http_req_duration", { ...tags, name: endpoint });
    return row?.avg === undefined || row.samples < LEAST_COMPARED ? [] : [row.avg / meanMs];
  });
  return slower.length === 0 ? null : Math.max(...slower);
}

/** Growth within the step below this factor is not called growth; fewer answers a second have no median to follow. */
const LEAST_CLIMB = 1.5;
const LEAST_SECONDS = 5;
const LEAST_RATE = 20;

/** A latency that climbs through the step has no steady state: the median of its last third against its first. */
function climbsOf(run: Measured, startMs: number, durationMs: number): string | null {
  const p50s = within(run, "p50", startMs, durationMs);
  const rates = within(run, "requests", startMs, durationMs);
  if (p50s.length < LEAST_SECONDS || !(medianOf(rates) >= LEAST_RATE)) return null;
  const third = Math.ceil(p50s.length / 3);
  const [before, after] = [medianOf(p50s, 0, third), medianOf(p50s, p50s.length - third)];
  const slope = theilSen([...p50s.keys()], p50s)?.slope ?? 0;
  if (after < LEAST_CLIMB * before || slope <= 0) return null;
  return `not settled: the median climbs from ${formatQuantity(before, "ms")} to ${formatQuantity(after, "ms")} within the step`;
}

/** Seconds of a timeline within a step. */
function within(run: Measured, metric: string, startMs: number, durationMs: number): number[] {
  const line = run.timeline.series.find((one) => one.metric === metric && one.endpoint === null);
  const from = Math.ceil(startMs / run.timeline.periodMs);
  const to = Math.floor((startMs + durationMs) / run.timeline.periodMs);
  return (line?.values ?? []).slice(from, to).filter((value) => value !== null);
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

/** Few as they are, a limiter's answers may be most of the failures that break a step; null: they are not. */
function fewLimited(
  run: Measured,
  tags: Readonly<Record<string, string>>,
  errorRatio: number,
): number | null {
  const limited = findRow(run.metrics, "headroom_limited", tags);
  const answers = findRow(run.metrics, "http_req_duration", tags)?.samples ?? 0;
  const share = answers > 0 ? (limited?.count ?? 0) / answers : 0;
  return share > errorRatio / 2 ? share : null;
}

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
