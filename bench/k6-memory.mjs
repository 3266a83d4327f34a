// What k6 holds by users and by requests, against a target that answers at once: gates of a system's journey at two
// rates for the users, a script of twenty users that never pause for the requests.
//   node bench/k6-memory.mjs
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli, report, startTarget } from "./lib.mjs";

const out = mkdtempSync(join(tmpdir(), "headroom-memory-"));
const target = await startTarget();
const { url } = target;
const script = join(out, "steady.js");
const scriptOf = (seconds) => `import http from "k6/http";
export const options = { vus: 20, duration: "${seconds}s", thresholds: {
  "http_req_duration{name:a}": ["p(95)<1000"], "http_req_duration{phase:steady}": ["p(95)<1000"],
  "http_req_duration{name:a,phase:steady}": ["p(95)<1000"] } };
export default function () { http.get("${url}", { tags: { name: "a", phase: "steady" } }); }
`;

/** The greatest resident size of the k6 that a process has started, bytes. */
function peakOfK6(parent) {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      if (Number(/PPid:\s+(\d+)/.exec(status)?.[1]) !== parent || !/Name:\s+k6/.test(status)) continue;
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
    } catch {}
  }
  return 0;
}

async function measure(name, args) {
  const folder = join(out, name);
  const fixed = ["--target", url, "--engine", "k6", "--format", "json", "--quiet", "--json", "--out", folder];
  const gate = spawn(process.execPath, [cli, "gate", ...args, ...fixed], { stdio: "ignore" });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOfK6(gate.pid));
  }, 200);
  await new Promise((resolve) => gate.once("exit", resolve));
  clearInterval(watch);
  const { metrics, asked } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  const { count: requests } = metrics.find(
    ({ metric, tags }) => metric === "http_reqs" && Object.keys(tags).length === 0,
  );
  const users = asked.load?.preAllocatedUsers ?? 20;
  return { requests, users, peak };
}

const rate = (value) =>
  measure(`rate-${value}`, ["ralph", "--scenario", "smoke", "--rate", String(value), "--duration", "8s"]);
const [few, many] = [await rate(500), await rate(4000)];
const steady = async (seconds) => {
  writeFileSync(script, scriptOf(seconds));
  return await measure(`steady-${seconds}`, ["--script", script]);
};
const [short, long] = [await steady(5), await steady(40)];
target.stop();
rmSync(out, { recursive: true });
const row = ({ requests, users, peak }) => ({ requests, users, "peak, MB": (peak / 1e6).toFixed(0) });
const perUser = (many.peak - few.peak) / (many.users - few.users) / 1e6;
const perRequest = (long.peak - short.peak) / (long.requests - short.requests);
report(
  "k6-memory",
  `${perUser.toFixed(2)} MB a user, ${perRequest.toFixed(0)} bytes a request`,
  [few, many, short, long].map(row),
);
