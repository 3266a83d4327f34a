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
  let level = given;
  const shifts: string[] = [];
  for (;;) {
    const { series, findings } = withoutIncidents(level);
    const shift = shiftOf(level, series);
    const found = [...shifts, ...findings];
    if (shift === null) return { series, findings: found, refused: null };
    const change = `${shift.factor > 1 ? "+" : ""}${((shift.factor - 1) * 100).toFixed(0)}%`;
    const when = dayName(shift.day);
    const after = level.days.filter((day) => day >= shift.day).length;
    if (after < LEAST_AFTER_SHIFT || shifts.length >= MOST_SHIFTS) {
      const why =
        after < LEAST_AFTER_SHIFT
          ? `regime change: the level shifted on ${when} (${change}), only ${after} days ago`
          : `the level shifted more than ${MOST_SHIFTS} times, also on ${when} (${change})`;
      return { series, findings: found, refused: `${why}; ${LEAST_AFTER_SHIFT} steady days are needed` };
    }
    shifts.push(`level shift on ${when} (${change}): earlier days are brought to the level after it`);
    level = {
      days: level.days,
      values: level.values.map((value, index) =>
        (level.days[index] as number) < shift.day ? value * shift.factor : value,
      ),
    };
  }
}

/** A shift among the ordinary days; the days beside it look like an incident until it is known, and date it. */
function shiftOf(all: DailySeries, ordinary: DailySeries): { day: number; factor: number } | null {
  const rough = findLevelShift(ordinary);
  if (rough === null) return null;
  const about = ordinary.days[rough.at] as number;
  const kept = new Set(ordinary.days);
  const indices = [...all.days.keys()].filter((index) => {
    const day = all.days[index] as number;
    return kept.has(day) || Math.abs(day - about) <= LONGEST_INCIDENT + 1;
  });
  const nearer = {
    days: indices.map((at) => all.days[at] as number),
    values: indices.map((at) => all.values[at] as number),
  };
  const exact = findLevelShift(nearer);
  return exact === null
    ? { day: about, factor: rough.factor }
    : { day: nearer.days[exact.at] as number, factor: exact.factor };
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
