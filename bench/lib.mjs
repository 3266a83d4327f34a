// What the benches have in common: commands measured with their CPU time and memory, interleaved repeats, and a table
// that is printed and kept under reports/.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");
export const cli = join(root, "dist", "headroom.js");

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** The k6 that `doctor` finds. */
export function findK6() {
  const findings = JSON.parse(
    execFileSync(process.execPath, [cli, "doctor", "--json"], { encoding: "utf8" }),
  );
  return / at (\S+)/.exec(findings.find(({ what }) => what === "k6").found)[1];
}

/** Whether a command is here; said where it is not, because its row will be missing. */
export function isHere(command) {
  const found = spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
  if (!found) console.error(`${command} is not here: no row for it`);
  return found;
}

/** Generator and target on cores of their own, so that neither takes the other's time. */
const cores = availableParallelism();
const pinned = (list, command) =>
  process.platform === "linux" && cores >= 4 ? ["taskset", "-c", list, ...command] : command;
export const onGeneratorCores = (command) => pinned("0,1", command);

/** bench/target.mjs: the least that can be asked of a target. */
export async function startTarget() {
  const [command, ...args] = pinned(`2-${cores - 1}`, [process.execPath, join(root, "bench", "target.mjs")]);
  const server = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve) =>
    server.stdout.once("data", (text) => resolve(String(text).trim())),
  );
  return { url, stop: () => server.kill("SIGTERM") };
}

/** Runs a command to its end; seconds, CPU seconds of it and its children, and its own peak of memory. */
export function measure([command, ...args], { env = {}, cwd, mayFail = false } = {}) {
  const script =
    'TIMEFORMAT="cpu %R %U %S"; m=0; time { "$@" & p=$!; while kill -0 $p 2>/dev/null; do r=$(awk "/VmHWM/{print \\$2}" /proc/$p/status 2>/dev/null); [ -n "$r" ] && m=$r; sleep 0.05; done; wait $p; }; echo "status $? peak $m" >&2';
  const done = spawnSync("bash", ["-c", script, "-", command, ...args], {
    encoding: "utf8",
    maxBuffer: 1e9,
    cwd,
    env: { ...process.env, ...env },
  });
  const [, seconds, user, system] = /cpu ([\d.]+) ([\d.]+) ([\d.]+)/.exec(done.stderr) ?? [];
  const [, kibibytes] = /peak (\d+)/.exec(done.stderr) ?? [];
  const status = Number(/status (\d+)/.exec(done.stderr)?.[1] ?? done.status);
  if (status !== 0 && !mayFail)
    throw new Error(`${command} ended with ${status}: ${done.stderr.slice(-2000)}`);
  return {
    stdout: done.stdout,
    stderr: done.stderr,
    seconds: Number(seconds),
    cpuSeconds: Number(user) + Number(system),
    peakMiB: Number(kibibytes) / 1024,
  };
}

/** Every contender once a round, each round beginning with another; what they returned, by name. */
export function interleave(repeats, contenders) {
  const names = Object.keys(contenders);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat++)
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(repeat + turn) % names.length];
      results[name].push(contenders[name]());
      console.error(`${repeat + 1}/${repeats} ${name}`);
    }
  return results;
}

export function report(name, title, rows) {
  console.log(title);
  console.table(rows);
  mkdirSync(join(root, "reports"), { recursive: true });
  const file = join(root, "reports", `bench-${name}.json`);
  writeFileSync(file, `${JSON.stringify({ title, rows }, null, 2)}\n`);
  console.log(`written: ${file}`);
}
