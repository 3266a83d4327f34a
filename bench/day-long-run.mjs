// A run of 24 hours, a value a second: seconds and memory of judging it again and of rendering its reports, against the
// least there is to do (reading and parsing run.json), and against the same for a run of an hour.
//   node bench/day-long-run.mjs
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli, interleave, measure, median, report } from "./lib.mjs";

const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));
const testbed = spawn(process.execPath, [cli, "testbed", "ralph", "--port", "0", "--json"]);
const { url } = JSON.parse(await new Promise((resolve) => testbed.stdout.once("data", resolve)));
const load = ["--scenario", "smoke", "--engine", "autocannon", "--quiet", "--out", join(folder, "short")];
measure([process.execPath, cli, "gate", "ralph", "--target", url, ...load], { mayFail: true });
testbed.kill("SIGTERM");
const short = JSON.parse(readFileSync(join(folder, "short", "run.json"), "utf8"));

/** The same run, its seconds repeated for so long. */
function lasting(hours) {
  const seconds = hours * 3600;
  const values = (series) =>
    Array.from({ length: seconds }, (_, second) => series[second % series.length] ?? null);
  const out = join(folder, `${hours}h`);
  mkdirSync(out);
  const run = {
    ...short,
    timeline: {
      ...short.timeline,
      series: short.timeline.series.map((series) => ({ ...series, values: values(series.values) })),
    },
    evidence: { ...short.evidence, durationMs: seconds * 1000 },
  };
  writeFileSync(join(out, "run.json"), JSON.stringify(run));
  return out;
}

const rows = [];
for (const hours of [1, 24]) {
  const out = lasting(hours);
  const file = join(out, "run.json");
  const node =
    (...args) =>
    () =>
      measure([process.execPath, ...args], { mayFail: true });
  const results = interleave(5, {
    "read and parse": node("-e", `JSON.parse(require("fs").readFileSync(${JSON.stringify(file)}, "utf8"))`),
    judge: node(cli, "judge", out, "--quiet"),
    "report, every format": node(cli, "report", out, "--quiet", "--out", join(out, "again")),
  });
  const of = (name, key) => median(results[name].map((one) => one[key]));
  for (const name of Object.keys(results))
    rows.push({
      run: `${hours} h (${(statSync(file).size / 1024 ** 2).toFixed(1)} MiB)`,
      what: name,
      seconds: of(name, "seconds").toFixed(2),
      "of the least": (of(name, "seconds") / of("read and parse", "seconds")).toFixed(1),
      "peak, MiB": of(name, "peakMiB").toFixed(0),
    });
}
report("day-long-run", "medians of 5 interleaved runs", rows);
