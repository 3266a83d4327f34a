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

/** Waits for a command as no shell can: the resources of it and of everything it started, when they have ended. */
const WAITER = `
import resource, subprocess, sys, time
began = time.perf_counter()
status = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("measured", time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss, status, file=sys.stderr)
`;

/** Runs a command to its end; seconds, CPU seconds of it and its children, and the peak of the largest of them. */
export function measure(command, { env = {}, cwd, mayFail = false } = {}) {
  const done = spawnSync("python3", ["-c", WAITER, ...command], {
    encoding: "utf8",
    maxBuffer: 1e9,
    cwd,
    env: { ...process.env, ...env },
  });
  const measured = /^measured (\S+) (\S+) (\S+) (\S+)$/m.exec(done.stderr ?? "");
  if (measured === null) throw new Error(`python3 could not run ${command[0]}: ${done.error ?? done.stderr}`);
  const [seconds, cpuSeconds, kibibytes, status] = measured.slice(1).map(Number);
  if (status !== 0 && !mayFail)
    throw new Error(`${command[0]} ended with ${status}: ${done.stderr.slice(-2000)}`);
  return { stdout: done.stdout, stderr: done.stderr, seconds, cpuSeconds, peakMiB: kibibytes / 1024 };
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
