import { medianOf, scaledDeviation } from "../../stats/quantiles.ts";
import { calendarEffects } from "../forecast/daily/calendar.ts";
import { type Holidays, NO_HOLIDAYS } from "../forecast/daily/holidays.ts";
import { type DailySeries, filled } from "../forecast/daily-series.ts";
import { dayName } from "./busy-hour.ts";
import { findLevelShift } from "./level-shift.ts";

/** Days either side that make a day's usual level. */
const NEIGHBOURS = 7;
/** Median absolute deviations, scaled to a standard deviation, beyond which a day is no ordinary one. */
const WILD = 5;
/** Smaller deviations are never called wild, relative. */
const LEAST_WILD = 0.1;
/** Days in a row that are still an incident; more are the new normal. */
const LONGEST_INCIDENT = 3;
/** Days at the end among which a shift is looked for: over longer times a season's turn looks like one. */
const SHIFT_DAYS = 91;
/** Days after a level shift without which nothing can be said of what comes. */
const LEAST_AFTER_SHIFT = 14;
const MOST_SHIFTS = 2;
/** Share of days without any demand up to which they are outages of a series that is otherwise positive. */
const MOST_EMPTY = 0.1;

/** Days that were left out: one after the other, their worst against what was usual there. */
export interface Incident {
  readonly firstDay: number;
  readonly days: number;
  /** Relative, of the day that was furthest off: 0.6 for 60% more than usual; −1 for no demand at all. */
  readonly change: number;
}

export interface Cleaned {
  readonly series: DailySeries;
  readonly incidents: readonly Incident[];
  /** What was found and what was done about it, a sentence each. */
  readonly findings: readonly string[];
  /** Why the history must not be extrapolated, or null. */
  readonly refused: string | null;
}

/**
 * Takes incidents and days without demand out and brings earlier days to the level after a shift, naming them. Works on
 * ratios; a series that is often zero or below is left as it is. Public holidays are neither incidents nor shifts.
 */
export function cleanDaily(given: DailySeries, holidays: Holidays = NO_HOLIDAYS): Cleaned {
  const { positive, empty } = withoutEmptyDays(given, holidays);
  if (positive === null) return { series: given, incidents: [], findings: [], refused: null };
  let level = positive;
  const shifts: string[] = [];
  for (;;) {
    const { series, incidents } = withoutIncidents(level, holidays);
    const all = [...empty, ...incidents].sort((a, b) => a.firstDay - b.firstDay);
    const done = { series, incidents: all, findings: [...shifts, ...all.map(described)] };
    const shift = shiftOf(ordinaryLast(level, holidays), ordinaryLast(series, holidays));
    if (shift === null) return { ...done, refused: null };
    const change = percent(shift.factor - 1);
    const when = dayName(shift.day);
    const after = level.days.filter((day) => day >= shift.day).length;
    if (after < LEAST_AFTER_SHIFT || shifts.length >= MOST_SHIFTS) {
      const why =
        after < LEAST_AFTER_SHIFT
          ? `regime change: the level shifted on ${when} (${change}), only ${after} days ago`
          : `the level shifted more than ${MOST_SHIFTS} times, also on ${when} (${change})`;
      return { ...done, refused: `${why}; ${LEAST_AFTER_SHIFT} steady days are needed` };
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

const percent = (change: number) => `${change > 0 ? "+" : ""}${(change * 100).toFixed(0)}%`;

function described({ firstDay, days, change }: Incident): string {
  const until = days > 1 ? ` to ${dayName(firstDay + days - 1)}` : "";
  const what = change <= -1 ? "no demand at all" : `${percent(change)} against its weekday's usual`;
  const again = change > 0 ? " of the level, drawn again into the simulated courses at its rate" : "";
  return `incident on ${dayName(firstDay)}${until} (${what}): left out${again}`;
}

/** Outages of a whole day have no logarithm; a few of them must not turn the cleaning off. */
function withoutEmptyDays(
  { days, values }: DailySeries,
  holidays: Holidays,
): {
  positive: DailySeries | null;
  empty: Incident[];
} {
  const kept = days.map((_, index) => index).filter((index) => (values[index] as number) > 0);
  const isRare = days.length - kept.length <= MOST_EMPTY * days.length;
  if (!isRare || values.some((value) => value < 0)) return { positive: null, empty: [] };
  const dropped = new Set([...days.keys()].filter((index) => !((values[index] as number) > 0)));
  const unexpected = new Set([...dropped].filter((index) => !holidays.has(days[index] as number)));
  const empty = runsOf(unexpected, days).map(([from, to]) => ({
    firstDay: days[from] as number,
    days: (days[to] as number) - (days[from] as number) + 1,
    change: -1,
  }));
  return {
    positive: { days: kept.map((at) => days[at] as number), values: kept.map((at) => values[at] as number) },
    empty,
  };
}

/** Neighbouring indices among some, each run's first and last. */
function runsOf(some: ReadonlySet<number>, days: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const index of days.keys()) {
    if (!some.has(index)) continue;
    const run = runs.at(-1);
    if (run !== undefined && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs;
}

/** The last days among which a shift is looked for; a closed Christmas is none. */
function ordinaryLast({ days, values }: DailySeries, holidays: Holidays): DailySeries {
  const from = (days.at(-1) as number) - SHIFT_DAYS;
  const kept = [...days.keys()].filter((at) => {
    const day = days[at] as number;
    return day > from && !holidays.has(day);
  });
  return { days: kept.map((at) => days[at] as number), values: kept.map((at) => values[at] as number) };
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

/** Runs of one to three days far from their surroundings, once weekdays and what comes every month are allowed for. */
function withoutIncidents(
  series: DailySeries,
  holidays: Holidays,
): { series: DailySeries; incidents: Incident[] } {
  const { days, values } = series;
  const first = days[0] ?? 0;
  const every = Float64Array.from(filled(series, holidays), Math.log);
  const calendar = calendarEffects(every, first);
  const adjusted = every.map((value, index) => value - calendar.at(first + index));
  const left = days.map((day) => {
    const at = day - first;
    const around = medianOf(
      adjusted,
      Math.max(0, at - NEIGHBOURS),
      Math.min(adjusted.length, at + NEIGHBOURS + 1),
    );
    return (adjusted[at] as number) - around;
  });
  const spread = scaledDeviation(left);
  const wild = new Set(
    [...days.keys()].filter((at) => Math.abs(left[at] as number) > Math.max(WILD * spread, LEAST_WILD)),
  );
  const dropped = new Set<number>();
  const incidents = runsOf(wild, days).flatMap(([from, to]): Incident[] => {
    if (to - from >= LONGEST_INCIDENT) return [];
    for (let index = from; index <= to; index++) dropped.add(index);
    const worst = left.slice(from, to + 1).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    const length = (days[to] as number) - (days[from] as number) + 1;
    return [{ firstDay: days[from] as number, days: length, change: Math.expm1(worst) }];
  });
  const kept = [...days.keys()].filter((index) => !dropped.has(index));
  return {
    series: { days: kept.map((at) => days[at] as number), values: kept.map((at) => values[at] as number) },
    incidents,
  };
}
