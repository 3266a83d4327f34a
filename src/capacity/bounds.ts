import type { StepResult } from "./step.ts";

/** Between which rates the limit lies, by all steps. */
export interface Bounds {
  /** 0: no rate was seen to hold. */
  readonly low: number;
  /** null: none was seen to break. */
  readonly high: number | null;
  /** Whether each end was seen as often as it must be. */
  readonly isLowSure: boolean;
  readonly isHighSure: boolean;
  /** The step that `high` is from. */
  readonly breaking: StepResult | null;
}

/**
 * The highest rate that a step showed to hold and the lowest that one showed to break. Where a step says that the target
 * takes more than another says it takes at most, the one that watched fewer requests is left out.
 *
 * @param slack share of either end within which a step says the same
 */
export function boundsOf(steps: readonly StepResult[], slack: number): Bounds {
  let holding = steps.filter(({ atLeast }) => atLeast !== null);
  let breaking = steps.filter(({ atMost }) => atMost !== null);
  for (;;) {
    const most = holding.toSorted((a, b) => leastOf(b) - leastOf(a))[0];
    const least = breaking.toSorted((a, b) => mostOf(a) - mostOf(b))[0];
    if (most === undefined || least === undefined || leastOf(most) < mostOf(least)) {
      const low = most === undefined ? 0 : leastOf(most);
      const high = least === undefined ? null : mostOf(least);
      return {
        low,
        high,
        isLowSure: isSure(holding.filter((step) => leastOf(step) >= low * (1 - slack))),
        isHighSure: isSure(breaking.filter((step) => high !== null && mostOf(step) <= high * (1 + slack))),
        breaking: least ?? null,
      };
    }
    if (most.watched <= least.watched) holding = holding.filter((step) => step !== most);
    else breaking = breaking.filter((step) => step !== least);
  }
}

const leastOf = ({ atLeast }: StepResult) => atLeast ?? 0;
const mostOf = ({ atMost }: StepResult) => atMost ?? Number.POSITIVE_INFINITY;

/** Steps that must say the same of an end. */
const REPEATS = 2;

/** A queue that grew, or a rate that holds with what chance may weigh subtracted, is sure by itself; the rest is repeated. */
const isSure = (steps: readonly StepResult[]): boolean =>
  steps.length >= REPEATS ||
  steps.some(
    ({ reason, offered, atLeast }) => reason === "throughput" || (atLeast !== null && atLeast < offered),
  );

/**
 * What the target answers where a queue grows: its throughput, of all steps that were so overloaded, by what each watched.
 * Null: none was.
 */
export function throughputOf(steps: readonly StepResult[]): number | null {
  const overloaded = steps.filter(({ reason, sustained }) => reason === "throughput" && sustained !== null);
  const watched = overloaded.reduce((sum, step) => sum + step.watched, 0);
  return watched > 0
    ? overloaded.reduce((sum, { sustained, watched }) => sum + (sustained ?? 0) * watched, 0) / watched
    : null;
}
