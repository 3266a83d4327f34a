import { median } from "simple-statistics";
import type { DailySeries } from "../forecast/curve.ts";
import { dayName } from "./busy-hour.ts";
import { findLevelShift } from "./level-shift.ts";

/** Days either side that make a day's usual level. */
const NEIGHBOURS = 7;
/** Median absolute deviations, scaled to a standard deviation, beyond which a day is no ordinary one. */
const WILD = 5;
/** Smaller deviations are never called wild, relative. */
const LEAST_WILD = 0.1;
const MAD_TO_SIGMA = 1.4826;
/** Days in a row that are still an incident; more are the new normal. */
const LONGEST_INCIDENT = 3;
/** Days after a level shift without which nothing can be said of what comes. */
const LEAST_AFTER_SHIFT = 14;
const MOST_SHIFTS = 2;

export interface Cleaned {
  readonly series: DailySeries;
  /** What was found and what was done about it, a sentence each. */
  readonly findings: readonly string[];
  /** Why the history must not be extrapolated, or null. */
  readonly refused: string | null;
}

/**
 * Takes incidents out and brings earlier days to the level after a shift, naming both. Works on ratios where all
 * values are positive; a series with zeros or below is left as it is.
 */
export function cleanDaily(given: DailySeries): Cleaned {
  if (!given.values.every((value) => value > 0)) return { series: given, findings: [], refused: null };
  const { series, findings } = withoutIncidents(given);
  let current = series;
  const found = [...findings];
  for (let round = 0; ; round++) {
    const shift = findLevelShift(current);
    if (shift === null) return { series: current, findings: found, refused: null };
    const { at, factor } = shift;
    const when = dayName(current.days[at] as number);
    const change = `${factor > 1 ? "+" : ""}${((factor - 1) * 100).toFixed(0)}%`;
    const after = current.days.length - at;
    if (after < LEAST_AFTER_SHIFT || round >= MOST_SHIFTS) {
      const why =
        round >= MOST_SHIFTS
          ? `the level shifted more than ${MOST_SHIFTS} times, last on ${when} (${change})`
          : `regime change: the level shifted on ${when} (${change}), only ${after} days ago`;
      return {
        series: current,
        findings: found,
        refused: `${why}; ${LEAST_AFTER_SHIFT} steady days are needed`,
      };
    }
    found.push(`level shift on ${when} (${change}): earlier days are brought to the level after it`);
    current = {
      days: current.days,
      values: current.values.map((value, index) => (index < at ? value * factor : value)),
    };
  }
}

function withoutIncidents({ days, values }: DailySeries): { series: DailySeries; findings: string[] } {
  const deviations = values.map((value, index) => {
    const near = values.filter(
      (_, other) => Math.abs((days[other] as number) - (days[index] as number)) <= NEIGHBOURS,
    );
    return Math.log(value / median(near));
  });
  const usual = Array.from({ length: 7 }, (_, weekday) => {
    const same = deviations.filter((_, index) => (days[index] as number) % 7 === weekday);
    return same.length > 0 ? median(same) : 0;
  });
  const left = deviations.map(
    (deviation, index) => deviation - (usual[(days[index] as number) % 7] as number),
  );
  const spread = MAD_TO_SIGMA * median(left.map(Math.abs));
  const isWild = left.map((one) => Math.abs(one) > Math.max(WILD * spread, LEAST_WILD));
  const dropped = new Set<number>();
  const findings: string[] = [];
  for (let from = 0; from < days.length; from++) {
    if (!isWild[from]) continue;
    let to = from;
    while (to + 1 < days.length && isWild[to + 1]) to++;
    if (to - from < LONGEST_INCIDENT) {
      for (let index = from; index <= to; index++) dropped.add(index);
      const worst = left.slice(from, to + 1).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
      const change = `${worst > 0 ? "+" : ""}${((Math.exp(worst) - 1) * 100).toFixed(0)}%`;
      const when = dayName(days[from] as number);
      const until = to > from ? ` to ${dayName(days[to] as number)}` : "";
      findings.push(`incident on ${when}${until} (${change} against its weekday's usual): left out`);
    }
    from = to;
  }
  const kept = days.map((_, index) => index).filter((index) => !dropped.has(index));
  return {
    series: {
      days: kept.map((index) => days[index] as number),
      values: kept.map((index) => values[index] as number),
    },
    findings,
  };
}
