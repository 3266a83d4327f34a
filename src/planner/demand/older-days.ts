import type { SignalHistory } from "../../model/history.ts";
import { medianOf } from "../../stats/quantiles.ts";
import { type BusyDay, busyHours, DAY_MS } from "./busy-hour.ts";

/** How far a day's highest point is usually above the mean of its busiest hour. */
export function peakOverMean(days: readonly BusyDay[]): number {
  const ratios = days.flatMap(({ value, peak }) => (value > 0 ? [peak / value] : []));
  return ratios.length === 0 ? 1 : medianOf(ratios);
}

/**
 * Busy hours of the days before the fine grid begins; the day on which it does belongs to the fine one. In steps of an
 * hour nothing higher than an hour is seen: the highest point is put where it usually is.
 */
export function olderBusyHours({ older }: SignalHistory, peakOver: number): BusyDay[] {
  if (older === undefined) return [];
  const stepMs = older.stepSeconds * 1000;
  const startMs = Date.parse(older.start);
  const firstFine = Math.floor((startMs + older.values.length * stepMs) / DAY_MS);
  return busyHours({ startMs, stepMs, values: older.values })
    .filter(({ day }) => day < firstFine)
    .map((day) => ({ ...day, peak: day.value * peakOver }));
}
