import type { DemandPaths } from "../forecast/daily/simulate.ts";
import type { Spread } from "../forecast/spread.ts";

/** Growth that is expected beside the organic one. */
export interface Additions {
  /** Extra growth by the horizon's end, relative, spread evenly over the horizon (compounded). 0: none. */
  readonly growth: number;
  readonly events: readonly DatedEvent[];
}

export interface DatedEvent {
  readonly name: string;
  /** First day, UTC, as days since 1970-01-01. */
  readonly day: number;
  /** 0.4 for +40%. */
  readonly change: number;
}

/** What the additions multiply a level by on a day `step` days after the first. */
export function factorAt(
  { growth, events }: Additions,
  firstDay: number,
  step: number,
  horizon: number,
): number {
  const steady = (1 + growth) ** ((step + 1) / horizon);
  return events.reduce(
    (factor, event) => (firstDay + step >= event.day ? factor * (1 + event.change) : factor),
    steady,
  );
}

/** What additions do to one day: a factor on a flow's level, an amount on top of a stock's. */
interface Adjustment {
  readonly factor: number;
  readonly plus: number;
}

/**
 * By step. A flow (requests/s) is multiplied; of a stock (bytes stored) the daily increase is, because what is there
 * already does not grow by a launch.
 */
export function adjustmentsOf(
  organic: Spread,
  additions: Additions,
  kind: "flow" | "stock",
  firstDay: number,
  horizon: number,
  now: number,
): Adjustment[] {
  let [before, plus] = [now, 0];
  return Array.from({ length: horizon }, (_, step) => {
    const factor = factorAt(additions, firstDay, step, horizon);
    if (kind === "flow") return { factor, plus: 0 };
    const value = organic.at(0.5, step);
    plus += Math.max(0, value - before) * (factor - 1);
    before = value;
    return { factor: 1, plus };
  });
}

export const adjustedSpread = (organic: Spread, adjustments: readonly Adjustment[]): Spread => ({
  at: (quantile, step) => {
    const { factor, plus } = adjustments[step] as Adjustment;
    return organic.at(quantile, step) * factor + plus;
  },
});

export const adjustedPaths = (
  { count, days, values }: DemandPaths,
  adjustments: readonly Adjustment[],
): DemandPaths => ({
  count,
  days,
  values: values.map((value, index) => {
    const { factor, plus } = adjustments[index % days] as Adjustment;
    return value * factor + plus;
  }),
});
