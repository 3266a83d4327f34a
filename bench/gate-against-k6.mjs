// `headroom gate` against bare `k6 run` of the same script, and against k6 with the outputs one would otherwise need for
// statistics per endpoint: requests/s and CPU per request. What recording, breakdown and instrumentation cost.
//   node bench/gate-against-k6.mjs [repeats] [seconds]
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli, findK6, interleave, measure, median, onGeneratorCores, report, startTarget } from "./lib.mjs";

const repeats = Number(process.argv[2] ?? 5);
const seconds = Number(process.argv[3] ?? 8);
const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));
const k6 = findK6();
const target = await startTarget();
const script = join(folder, "script.ts");
writeFileSync(
  script,
  `import http from "k6/http";
import { check } from "k6";
export const options = { vus: 32, duration: "${seconds}s", thresholds: { http_req_failed: ["rate<0.01"], "http_req_duration{name:a}": ["p(95)<1000"] } };
export default function () {
  for (const name of ["a", "b", "c"]) check(http.get(__ENV.TARGET + "/" + name, { tags: { name } }), { ok: (r) => r.status === 200 });
}
export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data) };
}
`,
);

const env = { TARGET: target.url, SUMMARY: join(folder, "summary.json") };
/** k6 with outputs; its own summary says how many requests it made. */
const bare =
  (...outputs) =>
  () => {
    const { cpuSeconds } = measure(
      onGeneratorCores([k6, "run", "--quiet", "--no-color", ...outputs, script]),
      { env },
    );
    const { count, rate } = JSON.parse(readFileSync(env.SUMMARY, "utf8")).metrics.http_reqs.values;
    return { rate, cpuPerRequestUs: (cpuSeconds / count) * 1e6 };
  };
let runs = 0;
function gate() {
  const out = join(folder, `gate-${runs++}`);
  const command = [process.execPath, cli, "gate", "--script", script, "--target", target.url];
  // A generator driven to its limit is rightly called saturated (exit 4): the throughput is what is wanted here.
  const { cpuSeconds } = measure(onGeneratorCores([...command, "--out", out, "--quiet", "--json"]), {
    env,
    mayFail: true,
  });
  const run = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
  const { count } = run.metrics.find(
    ({ metric, tags }) => metric === "http_reqs" && Object.keys(tags).length === 0,
  );
  return { rate: count / (run.evidence.durationMs / 1000), cpuPerRequestUs: (cpuSeconds / count) * 1e6 };
}

const results = interleave(repeats, {
  "k6 run": bare(),
  "k6 run --out csv": bare("--out", `csv=${folder}/samples.csv`),
  "k6 run --out json": bare("--out", `json=${folder}/samples.json`),
  "headroom gate": gate,
});
target.stop();
const of = (name, key) => median(results[name].map((one) => one[key]));
report(
  "gate-against-k6",
  `medians of ${repeats} interleaved runs of ${seconds} s, 32 users; gate's CPU holds its start and its reports`,
  Object.keys(results).map((name) => ({
    name,
    "requests/s": Math.round(of(name, "rate")),
    "of bare k6": (of(name, "rate") / of("k6 run", "rate")).toFixed(3),
    "CPU per request, µs": of(name, "cpuPerRequestUs").toFixed(1),
    "CPU of bare k6": (of(name, "cpuPerRequestUs") / of("k6 run", "cpuPerRequestUs")).toFixed(2),
  })),
);
