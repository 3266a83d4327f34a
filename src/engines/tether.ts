import { type ChildProcess, spawn } from "node:child_process";

/**
 * The watcher: hears "+pid" of what was started and "-pid" of what has ended. Its pipe closes when this process is gone,
 * whatever took it (SIGKILL included), and then it kills what is left with its process group. No system call but the
 * pipe's end is needed, which holds on Linux, macOS and Windows alike.
 */
const WATCHER = `
const left = new Set();
let rest = "";
process.stdin.on("data", (data) => {
  const lines = (rest + data).split("\\n");
  rest = lines.pop();
  for (const line of lines) left[line[0] === "+" ? "add" : "delete"](Number(line.slice(1)));
});
process.stdin.on("close", () => {
  for (const pid of left) for (const one of [-pid, pid]) try { process.kill(one, "SIGKILL"); } catch {}
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
`;

let watcher: ChildProcess | undefined;

/** Has a child end with this process, however that ends. One watcher serves all. */
export function tether(child: Pick<ChildProcess, "pid" | "once">): void {
  const { pid } = child;
  if (pid === undefined) return;
  watcher ??= startWatcher();
  watcher.stdin?.write(`+${pid}\n`);
  child.once("exit", () => watcher?.stdin?.write(`-${pid}\n`));
}

function startWatcher(): ChildProcess {
  // A process group of its own: what kills this one's group must not take the watcher with it.
  const started = spawn(process.execPath, ["-e", WATCHER], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: {},
  });
  // Where no process can be started any more the load goes on without it.
  started.on("error", () => {});
  started.stdin?.on("error", () => {});
  started.unref();
  (started.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return started;
}
