// Throughput of `headroom gate` against bare `k6 run` of the same script: what recording, per-endpoint statistics
// and instrumentation cost. Interleaved repeats on the same cores; the ratio of medians is the result.
//   node bench/gate-against-k6.mjs [repeats] [seconds]
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = join(root, "dist", "headroom.js");
const repeats = Number(process.argv[2] ?? 5);
const seconds = Number(process.argv[3] ?? 8);
const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));
const [{ found }] = JSON.parse(
  execFileSync(process.execPath, [cli, "doctor", "--json"], { encoding: "utf8" }),
).filter(({ what }) => what === "k6");
const k6 = /at (\S+) \(/.exec(found)[1];
// Generator and target on cores of their own, so that neither takes the other's time.
const cores = availableParallelism();
const pin = (list, command) =>
  process.platform === "linux" && cores >= 4 ? ["taskset", "-c", list, ...command] : command;

const server = spawn(...split(pin(`2-${cores - 1}`, [process.execPath, join(root, "bench", "target.mjs")])), {
  stdio: ["ignore", "pipe", "inherit"],
});
const url = await new Promise((resolve) =>
  server.stdout.once("data", (text) => resolve(String(text).trim())),
);
const script = join(folder, "script.ts");
writeFileSync(script, scriptLasting(seconds));

const bare = [];
const gated = [];
for (let repeat = 0; repeat < repeats; repeat++) {
  for (const kind of repeat % 2 === 0 ? ["bare", "gate"] : ["gate", "bare"]) {
    if (kind === "bare") bare.push(runBare());
    else gated.push(runGate());
  }
  console.error(
    `repeat ${repeat + 1}: bare ${Math.round(bare.at(-1))}/s, gate ${Math.round(gated.at(-1))}/s`,
  );
}
server.kill();
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const ratio = median(gated) / median(bare);
console.log(
  `| | requests/s (median of ${repeats}) |\n|---|---:|\n| bare k6 run | ${Math.round(median(bare))} |\n| headroom gate | ${Math.round(median(gated))} |\n| ratio | ${ratio.toFixed(3)} |`,
);
mkdirSync(join(root, "reports"), { recursive: true });
writeFileSync(join(root, "reports", "bench-gate-against-k6.json"), JSON.stringify({ bare, gated, ratio }));

function runBare() {
  const summary = join(folder, "bare.json");
  const command = pin("0,1", [k6, "run", "--quiet", "--no-color", script]);
  execFileSync(command[0], command.slice(1), {
    env: { ...process.env, TARGET: url, SUMMARY: summary },
    stdio: "ignore",
  });
  return JSON.parse(readFileSync(summary, "utf8")).metrics.http_reqs.values.rate;
}

function runGate() {
  const out = join(folder, `gate-${gated.length}`);
  const command = pin("0,1", [
    process.execPath,
    cli,
    "gate",
    "--script",
    script,
    "--target",
    url,
    "--out",
    out,
    "--quiet",
    "--json",
  ]);
  try {
    execFileSync(command[0], command.slice(1), {
      env: { ...process.env, SUMMARY: join(folder, "own.json") },
      stdio: "ignore",
    });
  } catch {
    // A generator driven to its limit is rightly called saturated (exit 4): the throughput is what is wanted here.
  }
  const run = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
  const total = run.metrics.find(
    ({ metric, tags }) => metric === "http_reqs" && Object.keys(tags).length === 0,
  );
  return total.count / (run.evidence.durationMs / 1000);
}

function split([command, ...args]) {
  return [command, args];
}

/** Three endpoints, checked, as a journey has them; the script's own summary serves the bare run. */
function scriptLasting(length) {
  return `import http from "k6/http";
import { check } from "k6";
export const options = { vus: 32, duration: "${length}s", thresholds: { http_req_failed: ["rate<0.01"], "http_req_duration{name:a}": ["p(95)<1000"] } };
export default function () {
  for (const name of ["a", "b", "c"]) check(http.get(__ENV.TARGET + "/" + name, { tags: { name } }), { ok: (r) => r.status === 200 });
}
export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data) };
}
`;
}
