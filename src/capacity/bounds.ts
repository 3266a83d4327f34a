import type { StepResult } from "./step.ts";

/** Between which rates the limit lies, by all steps. */
export interface Bounds {
  /** 0: no rate was seen to hold. */
  readonly low: number;
  /** null: none was seen to break. */
  readonly high: number | null;
  /** Steps that say so much of either end. */
  readonly lowSteps: number;
  readonly highSteps: number;
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
        lowSteps: holding.filter((step) => leastOf(step) >= low * (1 - slack)).length,
        highSteps: breaking.filter((step) => high !== null && mostOf(step) <= high * (1 + slack)).length,
        breaking: least ?? null,
      };
    }
    if (most.watched <= least.watched) holding = holding.filter((step) => step !== most);
    else breaking = breaking.filter((step) => step !== least);
  }
}

const leastOf = ({ atLeast }: StepResult) => atLeast ?? 0;
const mostOf = ({ atMost }: StepResult) => atMost ?? Number.POSITIVE_INFINITY;
