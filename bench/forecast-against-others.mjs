// Accuracy and seconds of Headroom's forecasts against R's forecast package and statsmodels (Debian: r-cran-forecast,
// python3-statsmodels), on the same series, one core each.
//
//   node bench/forecast-against-others.mjs train.csv test.csv [season] [series]
//
// sMAPE and MASE as in the M4 competition (Makridakis et al. 2020), the coverage of the 95% interval, and MSIS, which
// scores the interval as a whole: its width and what it missed (Gneiting & Raftery 2007).

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli, measure, report } from "./lib.mjs";

const [trainFile, testFile, season = "24", most = "100"] = process.argv.slice(2);
if (testFile === undefined) {
  console.error("usage: node bench/forecast-against-others.mjs train.csv test.csv [season] [series]");
  process.exit(2);
}
const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "headroom-forecast-"));
const rowsOf = (file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.includes(","))
    .map((line) => {
      const [id, ...values] = line.split(",");
      return [id, values.filter((value) => value.trim() !== "").map(Number)];
    });
const train = rowsOf(trainFile).slice(0, Number(most));
const tests = new Map(rowsOf(testFile));
const horizon = tests.get(train[0][0]).length;
const write = (name, rows) => {
  const file = join(folder, name);
  writeFileSync(file, `${rows.map(([id, values]) => [id, ...values].join(",")).join("\n")}\n`);
  return file;
};
const [ownTrain, ownTest] = [
  write("train.csv", train),
  write(
    "test.csv",
    train.map(([id]) => [id, tests.get(id)]),
  ),
];

const forecasts = new Map();
const seconds = new Map();
const keep = (method, id, h, mean, low, high) => {
  const all = forecasts.get(method) ?? new Map();
  const one = all.get(id) ?? [];
  one[Number(h) - 1] = [mean, low, high].map(Number);
  forecasts.set(method, all.set(id, one));
};

const ours = join(folder, "headroom.csv");
const { seconds: ourSeconds } = measure([
  process.execPath,
  cli,
  ...["backtest", "--train", ownTrain, "--test", ownTest, "--season", season, "--horizon", String(horizon)],
  ...["--forecasts", ours, "--quiet", "--json"],
]);
seconds.set("headroom", ourSeconds);
for (const line of readFileSync(ours, "utf8").trim().split("\n").slice(1)) {
  const [id, h, mean, low, high] = line.split(",");
  keep("headroom", id, h, mean, low, high);
}
for (const [command, script] of [
  ["Rscript", "forecast-others.R"],
  ["/usr/bin/python3", "forecast-others.py"],
]) {
  const { stdout, stderr } = measure([command, join(here, script), ownTrain, season, String(horizon), most]);
  for (const line of stdout.trim().split("\n")) {
    const [id, method, h, mean, low, high] = line.split(",");
    keep(method, id, h, mean, low, high);
  }
  for (const line of stderr.trim().split("\n")) {
    const match = /^(.+),([\d.]+)\D*$/.exec(line);
    if (match) seconds.set(match[1], Number(match[2]));
  }
}

const table = [...forecasts].map(([method, byId]) => {
  const scores = train.map(([id, values]) => score(values, tests.get(id), byId.get(id)));
  const mean = (key) => scores.reduce((sum, one) => sum + one[key], 0) / scores.length;
  return {
    method,
    "sMAPE, %": Number(mean("smape").toFixed(2)),
    MASE: Number(mean("mase").toFixed(3)),
    MSIS: Number(mean("msis").toFixed(1)),
    "in 95%": `${(mean("inside") * 100).toFixed(1)}%`,
    seconds: Number((seconds.get(method) ?? Number.NaN).toFixed(1)),
  };
});
report("forecast-against-others", `${train.length} series, ${horizon} points ahead, season ${season}`, table);

function score(values, truth, forecast) {
  const m = Number(season);
  const steps = values.slice(m).map((value, index) => Math.abs(value - values[index]));
  const scale = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const each = truth.map((actual, index) => {
    const [mean, low, high] = forecast[index];
    const missed = Math.max(0, low - actual, actual - high);
    return {
      smape: (200 * Math.abs(actual - mean)) / (Math.abs(actual) + Math.abs(mean)),
      mase: Math.abs(actual - mean) / scale,
      msis: (high - low + (2 / 0.05) * missed) / scale,
      inside: low <= actual && actual <= high ? 1 : 0,
    };
  });
  return Object.fromEntries(
    ["smape", "mase", "msis", "inside"].map((key) => [
      key,
      each.reduce((sum, one) => sum + one[key], 0) / each.length,
    ]),
  );
}
