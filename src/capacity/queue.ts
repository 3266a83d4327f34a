import { type LoadPlan, type PlannedStage, plannedIterations } from "../../scenarios/lib/load.ts";
import { formatQuantity } from "../model/unit.ts";
import { theilSen } from "../stats/lines.ts";
import { type Measured, medianOf, type StepResult } from "./step.ts";

/** Less of an offered rate than this was not delivered, unless two standard deviations of the count explain it. */
export const LEAST_DELIVERED = 0.97;
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

/**
 * Requests/s of the iterations that ended in the last two thirds of a step, and of those that were due by then: they began
 * as long before as an iteration takes, with its pauses, and some of them at the rate before. Null with too few seconds.
 */
export function endedOf(
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
export function backlogOf(
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
 * p95 of the step's seconds, carried on along its Theil–Sen line, would pass the limit.
 *
 * @param limitMs the tightest latency limit of all requests; Infinity: there is none
 */
export function growthOf(run: Measured, startMs: number, durationMs: number, limitMs: number): string | null {
  const p95s = within(run, "p95", startMs, durationMs);
  const line = theilSen([...p95s.keys()], p95s);
  if (line === null || p95s.length < 5 || !Number.isFinite(limitMs)) return null;
  const third = Math.ceil(p95s.length / 3);
  const [before, after] = [medianOf(p95s.slice(0, third)) ?? 0, medianOf(p95s.slice(-third)) ?? 0];
  const ahead = after + line.slope * LOOK_AHEAD_S;
  if (after < LEAST_GROWTH * before || ahead < limitMs) return null;
  return `latency: grows without end, p95 from ${formatQuantity(before, "ms")} to ${formatQuantity(after, "ms")} within the step`;
}

/** Seconds of a timeline within a step. */
function within(run: Measured, metric: string, startMs: number, durationMs: number): number[] {
  const line = run.timeline.series.find((one) => one.metric === metric && one.endpoint === null);
  const from = Math.ceil(startMs / run.timeline.periodMs);
  const to = Math.floor((startMs + durationMs) / run.timeline.periodMs);
  return (line?.values ?? []).slice(from, to).filter((value) => value !== null);
}
