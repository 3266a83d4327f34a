import { medianOf } from "../../stats/quantiles.ts";

/** Days with a value; days without one are simply not there. */
export interface DailySeries {
  /** Day numbers, ascending; day 0 may be any. Day modulo 7 is the weekday. */
  readonly days: readonly number[];
  readonly values: readonly number[];
}

/** A flow, such as requests/s, is what it is today; a stock, such as stored bytes, is the sum of what came. */
export type DemandKind = "flow" | "stock";

export const WEEK = 7;

const NONE = new Set<number>();

/** Day 0 is a weekday of its own; negative days count too. */
export const weekdayOf = (day: number): number => ((day % WEEK) + WEEK) % WEEK;

/**
 * Every day from the first to the last; one without a value takes the median of its weekday's three nearest.
 *
 * @param leftOut days whose own value does not count, such as holidays
 */
export function filled(
  { days, values }: DailySeries,
  leftOut: { has(day: number): boolean } = NONE,
): number[] {
  const first = days[0] as number;
  const known = new Map<number, number>();
  days.forEach((day, index) => {
    if (!leftOut.has(day)) known.set(day, values[index] as number);
  });
  const ordinary = [...known.keys()];
  return Array.from({ length: (days.at(-1) as number) - first + 1 }, (_, offset) => {
    const day = first + offset;
    const value = known.get(day);
    if (value !== undefined) return value;
    const same = ordinary
      .filter((other) => (other - day) % WEEK === 0)
      .sort((a, b) => Math.abs(a - day) - Math.abs(b - day))
      .slice(0, 3)
      .map((other) => known.get(other) as number);
    return medianOf(same.length > 0 ? same : values);
  });
}
