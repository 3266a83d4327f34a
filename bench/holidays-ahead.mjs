// What a profile's calendar is worth: quarters of real series forecast with and without public holidays.
//
//   node bench/holidays-ahead.mjs [--history 400] --country US [--state DC] series.csv ...
//
// Means over rolling origins, errors of p50 relative to the level of the last 28 days: over all 90 days, on the public
// holidays among them, on the days beside those, and the share of holidays inside p10 to p90 (0.80 is right).

import { basename } from "node:path";
import { parseArgs } from "node:util";
import { AHEAD, mean, quartersOf, readBusyDays } from "./quarters.mjs";
import { importSource } from "./source.mjs";

const DAY_MS = 86_400_000;
const options = {
  history: { type: "string", default: "400" },
  country: { type: "string" },
  state: { type: "string" },
};
const { values: flags, positionals: files } = parseArgs({ options, allowPositionals: true });
if (files.length === 0 || flags.country === undefined) {
  console.error(
    "usage: node bench/holidays-ahead.mjs [--history 400] --country US [--state DC] series.csv ...",
  );
  process.exit(2);
}
const history = Number(flags.history);
const { forecastDemand } = await importSource("planner/demand/forecast-demand.ts");
const { publicHolidays } = await importSource("planner/public-holidays.ts");

function forecast({ origin, past }, holidays) {
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
    holidays,
  };
  return forecastDemand({ id: "s", unit: "per-second", kind: "flow" }, signal, context);
}

function score({ origin, past, came }, holidays, result) {
  if (result.path === null) return [];
  const top = mean(past.slice(-28).filter((value) => value !== null));
  const [p10, p50, p90] = ["p10", "p50", "p90"].map((name) => result.series[name].slice(-AHEAD));
  return came.map((value, at) => ({
    isHoliday: holidays.has(origin + at),
    isBeside: holidays.has(origin + at - 1) || holidays.has(origin + at + 1),
    error: Math.abs(value - p50[at]) / top,
    holds: Number(value >= p10[at] && value <= p90[at]),
  }));
}

const shown = (days, of = ({ error }) => error) => (days.length === 0 ? "–" : mean(days.map(of)).toFixed(3));
for (const file of files) {
  const quarters = quartersOf(readBusyDays(file), history);
  for (const isWith of [false, true]) {
    const days = quarters.flatMap((quarter) => {
      const { country, state } = flags;
      const holidays = publicHolidays({ country, state }, quarter.origin - history, quarter.origin + AHEAD);
      return score(quarter, holidays, forecast(quarter, isWith ? holidays : undefined));
    });
    const on = days.filter(({ isHoliday }) => isHoliday);
    const beside = days.filter(({ isHoliday, isBeside }) => isBeside && !isHoliday);
    console.log(
      `${basename(file, ".csv").padEnd(24)} ${isWith ? "with   " : "without"} ${quarters.length} quarters  all ${shown(days)}  on ${on.length} holidays ${shown(on)}  beside ${shown(beside)}  holds ${shown(on, ({ holds }) => holds)}`,
    );
  }
}
