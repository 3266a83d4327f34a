// What a profile's calendar is worth: quarters of real series forecast with and without public holidays.
//
//   node bench/holidays-ahead.mjs [--history 400] --country US [--state DC] series.csv ...
//
// Means over rolling origins, errors of p50 relative to the level of the last 28 days: over all 90 days, on the public
// holidays among them, on the days beside those, and the share of holidays inside p10 to p90 (0.80 is right).

import { basename } from "node:path";
import { parseArgs } from "node:util";
import { AHEAD, forecaster, mean, quartersOf, readBusyDays } from "./quarters.mjs";
import { importSource } from "./source.mjs";

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
const forecast = await forecaster(history);
const { publicHolidays } = await importSource("planner/public-holidays.ts");

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
      return score(quarter, holidays, forecast(quarter, { holidays: isWith ? holidays : undefined }));
    });
    const on = days.filter(({ isHoliday }) => isHoliday);
    const beside = days.filter(({ isHoliday, isBeside }) => isBeside && !isHoliday);
    console.log(
      `${basename(file, ".csv").padEnd(24)} ${isWith ? "with   " : "without"} ${quarters.length} quarters  all ${shown(days)}  on ${on.length} holidays ${shown(on)}  beside ${shown(beside)}  holds ${shown(on, ({ holds }) => holds)}`,
    );
  }
}
