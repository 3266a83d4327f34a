// Quarters of real series: a history, and the ninety days that really came after it.

import { readFileSync } from "node:fs";
import { importSource } from "./source.mjs";

export const AHEAD = 90;
const DAY_MS = 86_400_000;

/** `time,value`, hourly or daily, UTC → the busiest hour of every day that has twenty hours or more, by day number. */
export function readBusyDays(file) {
  const days = new Map();
  for (const line of readFileSync(file, "utf8").split("\n").slice(1)) {
    const [time, text] = line.split(",");
    if (text === undefined || text.trim() === "" || text.trim() === "NA") continue;
    const day = Date.parse(time.slice(0, 10)) / DAY_MS;
    const seen = days.get(day) ?? { hours: 0, value: Number.NEGATIVE_INFINITY };
    seen.hours += time.length > 10 ? 1 : 24;
    seen.value = Math.max(seen.value, Number(text));
    days.set(day, seen);
  }
  return new Map([...days].filter(([, { hours }]) => hours >= 20).map(([day, { value }]) => [day, value]));
}

/** Rolling origins: histories with at most 7% of their days missing, two of them in the last four weeks, none in the last. */
export function quartersOf(days, history, { every = 45, most = 60 } = {}) {
  const [first, last] = [Math.min(...days.keys()), Math.max(...days.keys())];
  const quarters = [];
  for (let origin = first + history; origin < last - AHEAD + 2; origin += every) {
    const range = (from, to) => Array.from({ length: to - from }, (_, at) => days.get(from + at) ?? null);
    const [past, came] = [range(origin - history, origin), range(origin, origin + AHEAD)];
    const missing = (values) => values.filter((value) => value === null).length;
    if (missing(came) > 0 || missing(past.slice(-28)) > 2 || missing(past.slice(-7)) > 0) continue;
    if (missing(past) <= history * 0.07) quarters.push({ origin, past, came });
  }
  return quarters.slice(-most);
}

/** The plan's own forecast of a quarter from its history of busy days. */
export async function forecaster(history) {
  const { forecastDemand } = await importSource("planner/demand/forecast-demand.ts");
  return ({ origin, past }, more = {}) => {
    const values = past.flatMap((value) => new Array(24).fill(value));
    const signal = { id: "s", query: "s", values, resets: 0, truncated: false, warnings: [], failure: null };
    const context = {
      // A point tells of the hour before it.
      startMs: (origin - history) * DAY_MS + 3_600_000,
      stepMs: 3_600_000,
      endMs: origin * DAY_MS,
      horizonDays: AHEAD,
      additions: { growth: 0, events: [] },
      operators: null,
      ...more,
    };
    return forecastDemand({ id: "s", unit: "per-second", kind: "flow" }, signal, context);
  };
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
};
