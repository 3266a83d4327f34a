// How true a plan's forecast is a quarter ahead, on real series, through the plan's own code.
//
//   node bench/quarters-ahead.mjs [--history 90] series.csv ...
//
// series.csv: `time,value`, hourly or daily, UTC. For rolling origins through each series the history is forecast and held
// against the busiest hours of the 90 days that came. Means over the quarters, errors relative to the level of the last 28
// days: `mae` of p50, `week` of last week repeated, `flat` of the weekdays' medians over four weeks; `pin90` the pinball
// loss of p90 and `flat90` that of flat plus its own 90% residual; `holds` the share of days inside p10 to p90 by month
// (0.80 is right), `above` the share above p90; `early` the share of limits (1.1, 1.25 and 1.5 times the level) that were
// passed before the early date, `late` after the late date or never (0.10 is right, each); `highest` the share of quarters
// whose highest day was above p90 of the simulated courses' highest (0.10 is right).

import { basename } from "node:path";
import { parseArgs } from "node:util";
import { AHEAD, forecaster, mean, median, quartersOf, readBusyDays } from "./quarters.mjs";

const LIMITS = [1.1, 1.25, 1.5];
const options = { history: { type: "string", default: "90" } };
const { values: flags, positionals: files } = parseArgs({ options, allowPositionals: true });
if (files.length === 0) {
  console.error("usage: node bench/quarters-ahead.mjs [--history 90] series.csv ...");
  process.exit(2);
}
const history = Number(flags.history);
const forecast = await forecaster(history);

const dayPassing = (levels, limit) => {
  const step = levels.findIndex((level) => level > limit);
  return step < 0 ? Number.POSITIVE_INFINITY : step;
};

function scoreQuarter(quarter) {
  const { path, series } = forecast(quarter);
  if (path === null) return null;
  const { came } = quarter;
  const top = mean(quarter.past.slice(-28).filter((value) => value !== null));
  const past = [...quarter.past];
  past.forEach((value, at) => {
    if (value === null) past[at] = past[at - 7];
  });
  const recent = past.slice(-28);
  const flat = Array.from({ length: 7 }, (_, at) => median([0, 7, 14, 21].map((back) => recent[at + back])));
  const residuals = recent.map((value, at) => (value - flat[at % 7]) / top).toSorted((a, b) => a - b);
  const [p10, p50, p90] = ["p10", "p50", "p90"].map((name) => series[name].slice(-AHEAD));
  const pinball = (value, guess) => (value > guess ? 0.9 * (value - guess) : 0.1 * (guess - value)) / top;
  const dates = LIMITS.map((times) => {
    const limit = times * top;
    const crossed = came.findIndex((value) => value > limit);
    const late = dayPassing(path.p10, limit);
    return {
      early: crossed >= 0 && crossed < dayPassing(path.p90, limit),
      late: late < AHEAD && (crossed < 0 || crossed > late),
    };
  });
  const months = (is) =>
    [0, 1, 2].map((month) =>
      mean(came.slice(30 * month, 30 * month + 30).map((value, at) => Number(is(value, 30 * month + at)))),
    );
  return {
    mae: mean(came.map((value, at) => Math.abs(value - p50[at]) / top)),
    week: mean(came.map((value, at) => Math.abs(value - past.at(-7 + (at % 7))) / top)),
    flat: mean(came.map((value, at) => Math.abs(value - flat[at % 7]) / top)),
    pin90: mean(came.map((value, at) => pinball(value, p90[at]))),
    flat90: mean(came.map((value, at) => pinball(value, flat[at % 7] + residuals[25] * top))),
    holds: months((value, at) => value >= p10[at] && value <= p90[at]),
    above: months((value, at) => value > p90[at]),
    early: mean(dates.map(({ early }) => Number(early))),
    late: mean(dates.map(({ late }) => Number(late))),
    highest: Number(Math.max(...came) > path.p90.at(-1)),
  };
}

const shown = (value, digits = 3) => value.toFixed(digits);
const monthly = (scores, name) =>
  [0, 1, 2].map((month) => shown(mean(scores.map((score) => score[name][month])), 2)).join(" ");
const rows = files.map((file) => {
  const quarters = quartersOf(readBusyDays(file), history);
  const scores = quarters.map(scoreQuarter).filter((score) => score !== null);
  const of = (name) => mean(scores.map((score) => score[name]));
  console.log(
    `${basename(file, ".csv").padEnd(24)} ${String(scores.length).padStart(3)} quarters ${quarters.length - scores.length} refused  mae ${shown(of("mae"))} week ${shown(of("week"))} flat ${shown(of("flat"))}  pin90 ${shown(of("pin90"), 4)} flat90 ${shown(of("flat90"), 4)}  holds ${monthly(scores, "holds")}  above ${monthly(scores, "above")}  early ${shown(of("early"), 2)} late ${shown(of("late"), 2)}  highest ${shown(of("highest"), 2)}`,
  );
  const names = ["mae", "week", "flat", "pin90", "flat90", "early", "late", "highest"];
  return {
    ...Object.fromEntries(names.map((name) => [name, of(name)])),
    ...Object.fromEntries(
      ["holds", "above"].map((name) => [
        name,
        [0, 1, 2].map((month) => mean(scores.map((score) => score[name][month]))),
      ]),
    ),
  };
});
const all = (name) => mean(rows.map((row) => row[name]));
console.log(
  `${"all, each series once".padEnd(24)} mae/week ${shown(all("mae") / all("week"))} mae/flat ${shown(all("mae") / all("flat"))} pin90/flat90 ${shown(all("pin90") / all("flat90"))}  holds ${monthly(rows, "holds")}  above ${monthly(rows, "above")}  early ${shown(all("early"), 2)} late ${shown(all("late"), 2)}  highest ${shown(all("highest"), 2)}`,
);
