import { type LoadPlan, type PlannedStage, plannedIterations } from "../../scenarios/lib/load.ts";
import { type ClientCriterion, formatStatistic, holds } from "../model/criterion.ts";
import { ownFault } from "../model/own-errors.ts";
import { findRow, type RunResult } from "../model/run.ts";
import { statisticOf } from "../model/statistic-of.ts";
import { formatQuantity, unitOfMetric } from "../model/unit.ts";
import { theilSen } from "../stats/lines.ts";
import { samplesNeeded } from "../stats/quantile-interval.ts";
import type { StepResult } from "./step.ts";

/** Less of an offered rate than this was not delivered, unless two standard deviations of the count explain it. */
const LEAST_DELIVERED = 0.97;
/** A generator above this share of all cores, on the median of a step's seconds, measures itself. */
const SATURATED_CPU = 0.85;
/** Latency that would break the SLA within this time at its present growth has no steady state. */
const LOOK_AHEAD_S = 60;
/** Share of the requests of a step that may be left unanswered at its end. */
const MOST_BACKLOG = 0.02;
/**
 * A queue shows at least this share of the wait it makes for each second of a step: who waits also asks later for the rest
 * of his iteration.
 */
const LEAST_OF_WAIT = 0.25;
/** Growth within the step below this factor is not called growth. */
const LEAST_GROWTH = 1.5;
/** From this watched time on, iterations cut by a step's end do not weigh. */
const LONG_ENOUGH_S = 4;
/** A step must have been held for this share of its time to be judged. */
const LEAST_HELD = 0.95;

type Measured = Pick<RunResult, "metrics" | "quantileGrid" | "evidence" | "timeline" | "errors">;

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
  if (isSaturated(run, startMs, stage.durationMs)) return invalid("generator: its CPU was at the limit");
  const verdicts = slaOf(criteria).map((criterion) => judge(run, criterion, tags));
  const breaking = verdicts.find((verdict) => verdict.status === "broken");
  const own = ownFault(run);
  if (breaking && own) return invalid(own);
  if (breaking) return broken(breaking.text);
  const unknown = verdicts.find((verdict) => verdict.status === "unknown");
  if (unknown) return invalid(unknown.text);
  const growth =
    backlogOf(run, plan, stage, startMs, { ...seen, due: ended?.due ?? offered }) ??
    growthOf(run, startMs, stage.durationMs, criteria);
  if (growth !== null) return broken(growth);
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

/** Seconds of a timeline within a step. */
function within(run: Measured, metric: string, startMs: number, durationMs: number): number[] {
  const line = run.timeline.series.find((one) => one.metric === metric && one.endpoint === null);
  const from = Math.ceil(startMs / run.timeline.periodMs);
  const to = Math.floor((startMs + durationMs) / run.timeline.periodMs);
  return (line?.values ?? []).slice(from, to).filter((value) => value !== null);
}

const medianOf = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function isSaturated(run: Measured, startMs: number, durationMs: number): boolean {
  const samples = run.evidence.generatorCpu?.samples.slice(
    Math.ceil(startMs / 1000),
    Math.floor((startMs + durationMs) / 1000),
  );
  return (medianOf(samples ?? []) ?? 0) > SATURATED_CPU;
}

/**
 * Requests/s of the iterations that ended in the last two thirds of a step, and of those that were due by then: they began
 * as long before as an iteration takes, with its pauses, and some of them at the rate before. Null with too few seconds.
 */
function endedOf(
  run: Measured,
  plan: LoadPlan,
  startMs: number,
  durationMs: number,
): { sustained: number; due: number } | null {
  const { periodMs } = run.timeline;
  const fromMs = Math.ceil((startMs + durationMs / 3) / periodMs) * periodMs;
  // Iterations, which arrive evenly: how many requests one makes may be a matter of chance.
  const done = within(run, "iterations", fromMs, startMs + durationMs - fromMs);
  if (done.length < 2) return null;
  const beganMs = fromMs - iterationMs(run, startMs);
  const begun =
    plannedIterations(plan, beganMs + done.length * periodMs) - plannedIterations(plan, Math.max(0, beganMs));
  const inRequests = plan.requestsPerIteration / done.length;
  return {
    sustained: done.reduce((sum, one) => sum + one, 0) * inRequests,
    due: (begun / (periodMs / 1000)) * inRequests,
  };
}

/** How long an iteration takes, ms, by Little's law over the seconds before a queue can have grown in a step. */
function iterationMs(run: Measured, startMs: number): number {
  const until = startMs + run.timeline.periodMs;
  const [users, ended] = [within(run, "users", 0, until), within(run, "iterations", 0, until)];
  const seconds = users.flatMap((count, at) => (ended[at] ? [count / ended[at]] : []));
  return (medianOf(seconds) ?? 0) * 1000;
}

/**
 * Answers that fall behind: fewer came than were due, by more than what is in flight varies by itself (its square
 * root, four times). In a step of a few seconds whole iterations in flight at its end weigh, not only their present
 * request; how many are usual is told by the answers of its first second, before a queue can have grown. And what waits
 * in a queue is answered late: where everything was answered after all, and no later than at first, none grew.
 */
function backlogOf(
  run: Measured,
  { requestsPerIteration }: LoadPlan,
  { target, durationMs }: PlannedStage,
  startMs: number,
  {
    achieved,
    sustained,
    due,
    concurrency,
  }: Pick<StepResult, "achieved" | "sustained" | "concurrency"> & { readonly due: number },
): string | null {
  if (sustained === null) return null;
  const missing = due - sustained;
  const watchedS = (durationMs * 2) / 3 / 1000;
  const firstMs = within(run, "p50", startMs, run.timeline.periodMs)[0] ?? null;
  const isShort = watchedS < LONG_ENOUGH_S && firstMs !== null;
  const [weight, inFlight] = isShort
    ? [requestsPerIteration, (target * firstMs) / 1000]
    : [1, concurrency ?? 0];
  const chance = (4 * weight * Math.sqrt(inFlight + 1)) / watchedS;
  if (missing < MOST_BACKLOG * target || missing < chance) return null;
  const waitPerSecondMs = (missing / sustained) * 1000;
  // A p95 of a few hundred answers varies by more than what two seconds of a queue add to it.
  const growthMs = (isShort ? ["p50"] : ["p50", "p95"])
    .map((metric) => within(run, metric, startMs, durationMs))
    .filter(({ length }) => length > 1)
    .map((seconds) => ((seconds.at(-1) as number) - (seconds[0] as number)) / (seconds.length - 1));
  const isLater = growthMs.length === 0 || Math.max(...growthMs) >= LEAST_OF_WAIT * waitPerSecondMs;
  if (achieved >= LEAST_DELIVERED * target && !isLater) return null;
  return `throughput: ${formatQuantity(sustained, "per-second")} are answered, a queue grows`;
}

/**
 * A queue that grows through the step: latency that has no steady state, although the SLA is not broken yet. The
 * p95 of the step's seconds, carried on along its Theil–Sen line, would pass the tightest latency limit of all requests.
 */
function growthOf(
  run: Measured,
  startMs: number,
  durationMs: number,
  criteria: readonly ClientCriterion[],
): string | null {
  const limits = slaOf(criteria).filter(
    ({ metric, tags }) => metric === "http_req_duration" && Object.keys(tags).length === 0,
  );
  const tightest = Math.min(...limits.map(({ bound }) => bound.value));
  const p95s = within(run, "p95", startMs, durationMs);
  const line = theilSen([...p95s.keys()], p95s);
  if (line === null || p95s.length < 5 || !Number.isFinite(tightest)) return null;
  const third = Math.ceil(p95s.length / 3);
  const [before, after] = [medianOf(p95s.slice(0, third)) ?? 0, medianOf(p95s.slice(-third)) ?? 0];
  const ahead = after + line.slope * LOOK_AHEAD_S;
  if (after < LEAST_GROWTH * before || ahead < tightest) return null;
  return `latency: grows without end, p95 from ${formatQuantity(before, "ms")} to ${formatQuantity(after, "ms")} within the step`;
}
