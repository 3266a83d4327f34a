const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** Share of an hour's points that must be there for its mean to count. */
const LEAST_OF_HOUR = 0.5;
/** Hours that must count for a day's busy hour to be known: with more missing it may have been among them. */
const LEAST_HOURS = 18;

export interface Grid {
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: readonly (number | null)[];
}

export interface BusyDay {
  /** Days since 1970-01-01, UTC. */
  readonly day: number;
  /** Mean of the busiest hour. */
  readonly value: number;
  /** Greatest single point of that day. */
  readonly peak: number;
  /** When that hour began. */
  readonly hourMs: number;
}

/** The busy hour of every UTC day that was seen for 18 hours or more. */
export function busyHours({ startMs, stepMs, values }: Grid): BusyDay[] {
  const expected = Math.max(1, HOUR_MS / stepMs);
  const hours = new Map<number, { sum: number; count: number; peak: number }>();
  values.forEach((value, index) => {
    if (value === null) return;
    // A point tells of the time before it, as a rate does of its window: midnight's is the day's before.
    const hour = Math.ceil((startMs + index * stepMs) / HOUR_MS) - 1;
    const seen = hours.get(hour);
    if (!seen) hours.set(hour, { sum: value, count: 1, peak: value });
    else {
      seen.sum += value;
      seen.count++;
      seen.peak = Math.max(seen.peak, value);
    }
  });
  const days = new Map<number, BusyDay & { hours: number }>();
  for (const [hour, { sum, count, peak }] of hours) {
    if (count < expected * LEAST_OF_HOUR) continue;
    const day = Math.floor((hour * HOUR_MS) / DAY_MS);
    const value = sum / count;
    const best = days.get(day);
    const isBusier = best === undefined || value > best.value;
    days.set(day, {
      day,
      value: isBusier ? value : best.value,
      hourMs: isBusier ? hour * HOUR_MS : best.hourMs,
      peak: Math.max(peak, best?.peak ?? Number.NEGATIVE_INFINITY),
      hours: (best?.hours ?? 0) + 1,
    });
  }
  return [...days.values()]
    .filter((day) => day.hours >= LEAST_HOURS)
    .map(({ day, value, peak, hourMs }) => ({ day, value, peak, hourMs }))
    .sort((a, b) => a.day - b.day);
}

export const dayName = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
