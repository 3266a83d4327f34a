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

/**
 * A forecast with the additions on top. A flow (requests/s) is multiplied; of a stock (bytes stored) the daily increase
 * is, because what is there already does not grow by a launch.
 */
export function withAdditions(
  organic: Spread,
  additions: Additions,
  kind: "flow" | "stock",
  firstDay: number,
  horizon: number,
  now: number,
): Spread {
  const factor = (step: number) => factorAt(additions, firstDay, step, horizon);
  if (kind === "flow") return { at: (quantile, step) => organic.at(quantile, step) * factor(step) };
  return {
    at: (quantile, step) => {
      let level = organic.at(quantile, step);
      let before = now;
      for (let day = 0; day <= step; day++) {
        const value = organic.at(0.5, day);
        level += Math.max(0, value - before) * (factor(day) - 1);
        before = value;
      }
      return level;
    },
  };
}
