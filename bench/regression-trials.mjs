// How often a comparison cries wolf, and how often it finds what is there: a testbed against itself, and against one
// whose work takes 15% longer, each run a gate of its own against a fresh testbed with service times of its own.
//   node bench/regression-trials.mjs [trials] [side by side]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TRIALS = Number(process.argv[2] ?? 40);
const ABREAST = Number(process.argv[3] ?? 6);
const SYSTEM = "ralph";
const LOAD = ["--scenario", "smoke", "--rate", "150", "--duration", "40s"];
const cli = join(new URL("..", import.meta.url).pathname, "dist", "headroom.js");
const folder = mkdtempSync(join(tmpdir(), "headroom-trials-"));

function headroom(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let stdout = "";
    child.stdout.on("data", (text) => {
      stdout += text;
    });
    child.on("exit", (code) => resolve({ code, stdout }));
  });
}

async function run(name, seed, faults) {
  const testbed = spawn(
    process.execPath,
    [cli, "testbed", SYSTEM, "--port", "0", "--json", "--seed", String(seed), ...faults],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const { url } = JSON.parse(String(await new Promise((resolve) => testbed.stdout.once("data", resolve))));
  const out = join(folder, name);
  const { code } = await headroom([
    "gate",
    SYSTEM,
    "--target",
    url,
    ...LOAD,
    "--out",
    out,
    "--format",
    "json",
    "--quiet",
    "--json",
  ]);
  testbed.kill("SIGTERM");
  if (code !== 0 && code !== 1) throw new Error(`${name} ended with ${code}`);
  return out;
}

async function outcome(a, b) {
  const { stdout } = await headroom(["compare", a, b, "--json"]);
  return JSON.parse(stdout);
}

const seen = [];
async function trial(index) {
  const base = await run(`${index}-base`, 3 * index + 1, []);
  const same = await run(`${index}-same`, 3 * index + 2, []);
  const slow = await run(`${index}-slow`, 3 * index + 3, ["--slower", "15%"]);
  const one = { same: await outcome(base, same), slow: await outcome(base, slow) };
  seen.push(one);
  const p95 = (comparison) => comparison.lines.find(({ id }) => id === "p95-regression:all");
  const say = (comparison) => {
    const { change, interval } = p95(comparison);
    const percent = (value) => `${(value * 100).toFixed(1)}%`;
    return `${comparison.outcome} (p95 ${percent(change)}, ${percent(interval.low)} to ${percent(interval.high)})`;
  };
  console.log(`${seen.length}/${TRIALS}  itself: ${say(one.same)}  15% slower: ${say(one.slow)}`);
}

let next = 0;
await Promise.all(
  Array.from({ length: ABREAST }, async () => {
    while (next < TRIALS) await trial(next++);
  }),
);
const count = (side, wanted) => seen.filter((one) => one[side].outcome === wanted).length;
for (const side of ["same", "slow"])
  console.log(
    `${side}: ${["regressed", "improved", "no-change-shown", "inconclusive"].map((wanted) => `${wanted} ${count(side, wanted)}`).join(", ")} of ${TRIALS}`,
  );
const p95Found = seen.filter(({ slow }) =>
  slow.lines.some(({ id, outcome }) => id === "p95-regression:all" && outcome === "regressed"),
).length;
console.log(`15% slower found at p95 of all requests: ${p95Found} of ${TRIALS}`);
if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
else console.log(folder);
