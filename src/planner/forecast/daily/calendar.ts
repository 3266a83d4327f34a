import { medianOf } from "../../../stats/quantiles.ts";
import { WEEK, weekdayOf } from "../daily-series.ts";
import { monthlyEffects } from "./monthly.ts";

/** Weeks whose weekdays are taken for the usual ones. */
const WEEKS = 12;

/** What a day's place in the calendar adds to the level, in measured units. */
export interface CalendarEffects {
  at(day: number): number;
}

/** Weekdays, and days of the month that stand out every month. */
export function calendarEffects(values: Float64Array, firstDay: number): CalendarEffects {
  const weekday = weekdayEffects(values, firstDay);
  const monthly = monthlyEffects(
    values.map((value, index) => value - weekday.at(firstDay + index)),
    firstDay,
  );
  return { at: (day) => weekday.at(day) + monthly.at(day) };
}

/**
 * The weekdays' usual deviations: the median over twelve weeks of a day less the median of the week around it.
 *
 * @param values every day from `firstDay` on
 */
function weekdayEffects(values: Float64Array, firstDay: number): CalendarEffects {
  const deviations: number[][] = Array.from({ length: WEEK }, () => []);
  for (let index = Math.max(0, values.length - WEEK * WEEKS); index < values.length; index++) {
    const from = Math.min(values.length - WEEK, Math.max(0, index - 3));
    deviations[weekdayOf(firstDay + index)]?.push(
      (values[index] as number) - medianOf(values, from, from + WEEK),
    );
  }
  const usual = deviations.map((same) => medianOf(same));
  const centre = usual.reduce((sum, value) => sum + value, 0) / WEEK;
  return { at: (day) => (usual[weekdayOf(day)] as number) - centre };
}
