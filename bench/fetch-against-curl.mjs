// How long `headroom snapshot` takes for a long history, as a ratio to curl fetching the same answers one after another
// from the same Prometheus, and what a whole plan from it takes in memory. Needs prometheus, promtool and curl on PATH.
//   node bench/fetch-against-curl.mjs [days] [repeats]
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli, measure, median, report } from "./lib.mjs";

const SYSTEM = "pynomaly";
const AS_OF = "2026-11-16";
const STEP_S = 60;
const POINTS = 10_000;
const days = Number(process.argv[2] ?? 90);
const repeats = Number(process.argv[3] ?? 5);
const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));

const run = (command, args, options = {}) => {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1e9, ...options });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
};
const seconds = (work) => {
  const from = performance.now();
  work();
  return (performance.now() - from) / 1000;
};

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const url = `http://127.0.0.1:${port}`;
const text = join(folder, "history.txt");
run(process.execPath, [cli, "testbed", SYSTEM, "--write-history", text, "--as-of", AS_OF]);
run("promtool", [
  "tsdb",
  "create-blocks-from",
  "openmetrics",
  "--max-block-duration=768h",
  text,
  join(folder, "data"),
]);
const prometheus = spawn(
  "prometheus",
  [
    "--config.file=/dev/null",
    `--storage.tsdb.path=${join(folder, "data")}`,
    "--storage.tsdb.retention.time=100y",
    `--web.listen-address=127.0.0.1:${port}`,
  ],
  { stdio: "ignore" },
);
try {
  for (let ready = false; !ready; ) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
  const history = join(folder, "history.json");
  const asked = [
    "--prometheus",
    url,
    "--as-of",
    AS_OF,
    "--scrape",
    "1m",
    "--length",
    `${days}d`,
    "--step",
    "1m",
  ];
  /** Seconds of the fetch alone, as the command says them. */
  const snapshot = () => {
    const { stderr, status } = spawnSync(
      process.execPath,
      [cli, "snapshot", SYSTEM, ...asked, "--out", history],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
    return Number(/in ([\d.]+) s/.exec(stderr)?.[1]);
  };
  snapshot();
  const { signals, start, end } = JSON.parse(readFileSync(history, "utf8"));
  const chunks = [];
  for (let from = Date.parse(start) / 1000; from <= Date.parse(end) / 1000; from += POINTS * STEP_S)
    chunks.push([from, Math.min(Date.parse(end) / 1000, from + (POINTS - 1) * STEP_S)]);
  // One curl for everything: it reuses its connection, as a careful script would.
  const requests = signals.flatMap(({ query }) =>
    chunks.flatMap(([from, to], index) => [
      ...(index === 0 && query === signals[0].query ? [] : ["--next"]),
      "-s",
      "-o",
      join(folder, "answer.json"),
      "--data-urlencode",
      `query=${query}`,
      "-d",
      `start=${from}&end=${to}&step=${STEP_S}`,
      `${url}/api/v1/query_range`,
    ]),
  );
  const curl = () => run("curl", requests);
  const [ours, whole, theirs] = [[], [], []];
  for (let repeat = 0; repeat < repeats; repeat++) {
    theirs.push(seconds(curl));
    whole.push(seconds(() => ours.push(snapshot())));
  }
  // Less than five weeks is refused (4), after the same work.
  const plan = measure(
    [process.execPath, cli, "plan", SYSTEM, ...asked, "--out", join(folder, "plan"), "--json"],
    { mayFail: true },
  );
  const size = (statSync(history).size / 1e6).toFixed(1);
  report(
    "fetch-against-curl",
    `${days} days of a minute, ${signals.length} signals, ${chunks.length} chunks each, ${size} MB; medians of ${repeats}, interleaved`,
    [
      ["curl, in sequence", median(theirs)],
      ["headroom, the fetch: parsed, on a grid, counter resets counted", median(ours)],
      ["headroom snapshot, from starting Node to the file", median(whole)],
      ["headroom plan", plan.seconds, plan.peakMiB],
    ].map(([what, seconds, peakMiB]) => ({
      what,
      seconds: seconds.toFixed(2),
      "of curl": (seconds / median(theirs)).toFixed(2),
      "peak, MiB": peakMiB?.toFixed(0) ?? "",
    })),
  );
} finally {
  prometheus.kill("SIGTERM");
  await new Promise((resolve) => prometheus.once("exit", resolve));
  rmSync(folder, { recursive: true, force: true });
}
