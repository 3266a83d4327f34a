// Memory of k6 by requests: what it holds at the end of gates of growing length, against a target that answers at once.
//   node bench/k6-memory.mjs
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist", "headroom.js");
const SYSTEM = "ralph";
const RATE = 4000;
const out = mkdtempSync(join(tmpdir(), "headroom-memory-"));
const testbed = spawn(
  process.execPath,
  [cli, "testbed", SYSTEM, "--port", "0", "--json", "--workers", "100000"],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const { url } = JSON.parse(String(await new Promise((resolve) => testbed.stdout.once("data", resolve))));

/** The greatest resident size of the k6 that a process has started, bytes. */
function peakOfK6(parent) {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      if (Number(/PPid:\s+(\d+)/.exec(status)?.[1]) !== parent || !/Name:\s+k6/.test(status)) continue;
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
    } catch {}
  }
  return 0;
}

const points = [];
for (const seconds of [10, 30, 60]) {
  const gate = spawn(
    process.execPath,
    [
      cli,
      "gate",
      SYSTEM,
      "--target",
      url,
      "--engine",
      "k6",
      "--scenario",
      "smoke",
      "--rate",
      String(RATE),
      "--duration",
      `${seconds}s`,
      "--format",
      "json",
      "--quiet",
      "--json",
      "--out",
      join(out, String(seconds)),
    ],
    { stdio: "ignore" },
  );
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOfK6(gate.pid));
  }, 200);
  await new Promise((resolve) => gate.once("exit", resolve));
  clearInterval(watch);
  const { metrics } = JSON.parse(readFileSync(join(out, String(seconds), "run.json"), "utf8"));
  const requests = metrics.find(
    ({ metric, tags }) => metric === "http_reqs" && Object.keys(tags).length === 0,
  ).count;
  points.push({ requests, peak });
  console.log(`${requests.toLocaleString("en-US").padStart(10)} requests  ${(peak / 1e6).toFixed(0)} MB`);
}
testbed.kill("SIGTERM");
rmSync(out, { recursive: true });
const [first, last] = [points[0], points.at(-1)];
const each = (last.peak - first.peak) / (last.requests - first.requests);
console.log(
  `${each.toFixed(0)} bytes each, ${((first.peak - each * first.requests) / 1e6).toFixed(0)} MB to begin with`,
);
