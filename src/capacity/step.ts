import type { Capacity } from "../model/capacity.ts";
import type { RunResult } from "../model/run.ts";

/**
 * Why a step broke, or why it says nothing: `unsettled` and `samples` need a longer step, `generator`, `rate-limiter` and `mix`
 * were no test of the target at that rate.
 */
export type StepReason = NonNullable<Capacity["steps"][number]["reason"]>;

/** What became of one offered rate. */
export interface StepResult {
  /** Requests/s the load asked for and got. */
  readonly offered: number;
  readonly achieved: number;
  /** Answers/s once the step had settled; below `achieved` where a queue grew. Null: not known. */
  readonly sustained: number | null;
  readonly meanMs: number | null;
  readonly p95Ms: number | null;
  readonly errorRatio: number | null;
  /** Requests in flight on average: achieved × mean latency (Little's law). */
  readonly concurrency: number | null;
  /** False when the step says nothing of the target: the generator was at its limit, too few samples, not settled. */
  readonly valid: boolean;
  /** Whether the SLA held; null where the step is not valid. */
  readonly holds: boolean | null;
  readonly reason: StepReason | null;
  /** What broke first, or why the step is not valid; null where it holds. */
  readonly brokenBy: string | null;
  /** The rate that the target takes at least, by this step alone: the offered one less what chance may have spared it. */
  readonly atLeast: number | null;
  /** The rate that it takes at most, by this step alone. */
  readonly atMost: number | null;
  /** Requests that were due while the step was watched: its weight against others. */
  readonly watched: number;
  /** Answers/s that a rate limiter let pass, where it gave so many that the step says nothing of the target. */
  readonly limiterPasses?: number;
}

/** What of a run its steps are read from. */
export type Measured = Pick<RunResult, "metrics" | "quantileGrid" | "evidence" | "timeline" | "errors">;
