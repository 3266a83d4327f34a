// `headroom stress` against autocannon, k6, wrk and hey (Debian packages) on the same target, twenty connections each:
// requests/s, and requests per second of CPU. wrk and hey are C and Go; what stress has beside the count is an exact
// latency histogram, statuses and a verdict.
//   node bench/stress-against-others.mjs [repeats] [seconds]
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cli,
  findK6,
  interleave,
  isHere,
  measure,
  median,
  onGeneratorCores,
  report,
  root,
  startTarget,
} from "./lib.mjs";

const repeats = Number(process.argv[2] ?? 5);
const seconds = Number(process.argv[3] ?? 5);
const target = await startTarget();
const script = join(mkdtempSync(join(tmpdir(), "headroom-bench-")), "script.js");
writeFileSync(
  script,
  `import http from "k6/http";
export const options = { vus: 20, duration: "${seconds}s" };
export default function () { http.get("${target.url}"); }
export function handleSummary({ metrics }) { return { stdout: String(metrics.http_reqs.values.count) }; }
`,
);

/** A command that prints what can be read as the requests it made. */
const contender = (command, read) => () => {
  const { stdout, cpuSeconds } = measure(onGeneratorCores(command));
  const requests = read(stdout);
  return { rate: requests / seconds, perCpuSecond: requests / cpuSeconds };
};
const autocannon = join(root, "node_modules", "autocannon", "autocannon.js");
const k6 = findK6();
const contenders = {
  "headroom stress": contender(
    [process.execPath, cli, "stress", target.url, "-c", "20", "-d", `${seconds}s`, "--json", "--quiet"],
    (text) => JSON.parse(text).requests.total,
  ),
  autocannon: contender(
    [process.execPath, autocannon, "-c", "20", "-d", String(seconds), "-j", target.url],
    (text) => JSON.parse(text).requests.total,
  ),
  k6: contender([k6, "run", "--quiet", script], Number),
  ...(isHere("wrk")
    ? {
        wrk: contender(["wrk", "-t1", "-c20", `-d${seconds}s`, target.url], (text) =>
          Number(/(\d+) requests in/.exec(text)[1]),
        ),
      }
    : {}),
  ...(isHere("hey")
    ? {
        hey: contender(["hey", "-c", "20", "-z", `${seconds}s`, target.url], (text) =>
          Number(/\[200\]\s+(\d+) responses/.exec(text)[1]),
        ),
      }
    : {}),
};
const results = interleave(repeats, contenders);
target.stop();
const of = (name, key) => median(results[name].map((one) => one[key]));
report(
  "stress-against-others",
  `medians of ${repeats} interleaved runs of ${seconds} s, 20 connections, generators on two cores`,
  Object.keys(results).map((name) => ({
    name,
    "requests/s": Math.round(of(name, "rate")),
    "stress is": (of("headroom stress", "rate") / of(name, "rate")).toFixed(2),
    "requests per CPU second": Math.round(of(name, "perCpuSecond")),
    "stress is, per CPU": (of("headroom stress", "perCpuSecond") / of(name, "perCpuSecond")).toFixed(2),
  })),
);
