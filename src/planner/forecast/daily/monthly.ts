import { medianOf, scaledDeviation } from "../../../stats/quantiles.ts";
import type { CalendarEffects } from "./calendar.ts";

const DAY_MS = 86_400_000;
/** Days either side that make a day's own level. */
const AROUND = 7;
/** Median absolute deviations, scaled to a standard deviation, beyond which a day stands out. */
const STANDS_OUT = 5;
/** Smaller deviations never stand out (relative). */
const LEAST = 0.1;
/** Months in which the day must have stood out, and their share of all months seen. */
const LEAST_MONTHS = 3;
const LEAST_SHARE = 0.75;
/** Share of all days that stand out which the month must explain: where many do, some come on the same date by chance. */
const LEAST_EXPLAINED = 0.75;
/** Days counted from a month's first; the last three are counted from its end. */
const FROM_START = 28;
const FROM_END = 3;

/**
 * Days of the month that stand out month after month in the same direction, such as invoices on the first: the median of
 * their deviations. A deviation that comes again is a rhythm, not an incident.
 *
 * @param values measured, less the weekdays' effects, every day from `firstDay` on
 */
export function monthlyEffects(values: Float64Array, firstDay: number): CalendarEffects {
  const deviations = values.map((value, index) => {
    const from = Math.max(0, Math.min(values.length - 2 * AROUND - 1, index - AROUND));
    return value - medianOf(values, from, Math.min(values.length, from + 2 * AROUND + 1));
  });
  const limit = Math.max(LEAST, STANDS_OUT * scaledDeviation(deviations));
  const byPlace = new Map<number, number[]>();
  deviations.forEach((deviation, index) => {
    for (const place of placesOf(firstDay + index)) {
      const same = byPlace.get(place);
      if (same === undefined) byPlace.set(place, [deviation]);
      else same.push(deviation);
    }
  });
  const effects = new Map<number, number>();
  let explained = 0;
  for (const [place, same] of byPlace) {
    const typical = medianOf(same);
    const out = same.filter(
      (deviation) => Math.sign(deviation) === Math.sign(typical) && Math.abs(deviation) > limit,
    );
    if (out.length < LEAST_MONTHS || out.length < LEAST_SHARE * same.length) continue;
    effects.set(place, typical);
    explained += out.length;
  }
  const standing = deviations.reduce((count, deviation) => count + (Math.abs(deviation) > limit ? 1 : 0), 0);
  if (explained < LEAST_EXPLAINED * standing) effects.clear();
  return {
    at: (day) => {
      for (const place of placesOf(day)) {
        const effect = effects.get(place);
        if (effect !== undefined) return effect;
      }
      return 0;
    },
  };
}

/** A day's place counted from the month's first (1, 2, …) and, for the last three, from its end (−1, −2, −3). */
function placesOf(day: number): number[] {
  const date = new Date(day * DAY_MS);
  const ofMonth = date.getUTCDate();
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const places: number[] = [];
  if (ofMonth <= FROM_START) places.push(ofMonth);
  if (length - ofMonth < FROM_END) places.push(ofMonth - length - 1);
  return places;
}
