// What many series teach about a quarter ahead: the figures behind src/planner/forecast/daily/priors.ts.
//
//   node bench/forecast-priors.mjs series.csv ...
//
// series.csv: `time,value`, hourly or daily, UTC. By series, over rolling quarters: the share of the slope of the last six
// weeks, and of last year's shape, that came again (regression through zero of what came on what they foretold); the
// level's error by days ahead over the error seen after four weeks (root of the mean squares' ratio, the noise in what was
// seen taken off); that error itself. The constants are the means over the series, rounded, and then moved by hand where
// the intervals of `bench/quarters-ahead.mjs` held too much or too little.

import { basename } from "node:path";
import { AHEAD, mean, median, quartersOf, readBusyDays } from "./quarters.mjs";
import { importSource } from "./source.mjs";

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node bench/forecast-priors.mjs series.csv ...");
  process.exit(2);
}
const { carried, levelAt, slopeAt, LEVEL_AGE } = await importSource("planner/forecast/daily/level.ts");
const { yearShape } = await importSource("planner/forecast/daily/year.ts");
const { calendarEffects } = await importSource("planner/forecast/daily/calendar.ts");
const { levelError } = await importSource("planner/forecast/daily/level-error.ts");

const DAYS = [3, 31, 45, 59, 86];
const root = (values) => Math.sqrt(mean(values.map((value) => value ** 2)));
const regression = (pairs) =>
  pairs.reduce((sum, [x, y]) => sum + x * y, 0) / pairs.reduce((sum, [x]) => sum + x * x, 0);

/** Logarithms without the weekdays, gaps filled from the week before. */
function prepare({ origin, past, came }) {
  const filled = past.map((value, at) => value ?? past[at - 7] ?? past.find((one) => one !== null));
  const least = Math.min(...filled.filter((value) => value > 0));
  const logs = (values) => Float64Array.from(values, (value) => Math.log(Math.max(value, least)));
  const history = logs(filled);
  const calendar = calendarEffects(history, origin - past.length);
  return {
    history: history.map((value, at) => value - calendar.at(origin - past.length + at)),
    came: logs(came).map((value, at) => value - calendar.at(origin + at)),
  };
}

for (const file of files) {
  const days = readBusyDays(file);
  const quarters = quartersOf(days, 90).map(prepare);
  const slopes = quarters.map(({ history, came }) => [
    carried(slopeAt(history), AHEAD / 2, true),
    median([...came]) - levelAt(history) - carried(slopeAt(history), LEVEL_AGE, true) / 2,
  ]);
  const years = quartersOf(days, 400)
    .map(prepare)
    .flatMap(({ history, came }) => {
      const shape = yearShape(history, AHEAD);
      return DAYS.map((day) => [shape[day], median([...came.slice(day, day + 7)]) - levelAt(history)]);
    });
  const own = quarters.map(({ history }) => {
    const noise = root(
      history.map((value, at) => value - median([...history.slice(Math.max(0, at - 7), at + 8)])),
    );
    return levelError(history, noise ** 2, (origin) => levelAt(history, origin));
  });
  const ahead = DAYS.map((day) =>
    root(
      quarters.map(
        ({ history, came }, at) => (median([...came.slice(day, day + 7)]) - levelAt(history)) / own[at],
      ),
    ),
  );
  console.log(
    `${basename(file, ".csv").padEnd(24)} ${String(quarters.length).padStart(3)} quarters  slope ${regression(slopes).toFixed(2)}  year ${years.length > 0 ? regression(years).toFixed(2) : "–"}  error of four weeks ${median(own).toFixed(3)}  ahead ${DAYS.map((day, at) => `${day} d ${ahead[at].toFixed(2)}`).join(", ")}`,
  );
}
