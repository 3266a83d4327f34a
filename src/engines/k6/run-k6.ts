import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import pidusage from "pidusage";
import { InputError } from "../../model/problem.ts";
import { coresAvailable } from "../cores.ts";
import type { LoadOrder, Measurement } from "../engine.ts";
import { tether } from "../tether.ts";
import type { K6 } from "./find-k6.ts";
import { LogKeeper } from "./log.ts";
import { assemble, type Parts } from "./measurement.ts";
import { RecordReader } from "./record.ts";
import { redactorFor } from "./redact.ts";
import { type Summary, SummaryFile } from "./summary.ts";

/** After the first interrupt k6 writes its summary and leaves; one that does not within this time is killed. */
const GRACE_MS = 40_000;

/** Longer ones fire at once (setTimeout, Node's documentation). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Runs a bundled script in k6 to its end and gathers what it measured. */
export async function runK6(
  k6: K6,
  bundle: string,
  order: LoadOrder,
  files: { summary: string; totalMs: number | null; endsWithinMs: number | null },
): Promise<Measurement> {
  const recordFile = join(order.folder, "k6-record.ndjson");
  // A crashed run may have left its own in a folder that is used again: they must not speak for this one.
  const removeWorkingFiles = () => {
    for (const file of [recordFile, files.summary]) rmSync(file, { force: true });
  };
  removeWorkingFiles();
  const out = `web-dashboard=port=-1&period=1s&tag=name&record=${recordFile}`;
  const startedAt = new Date();
  // A process group of its own: Ctrl-C at the terminal must reach k6 once, from here, because a second
  // interrupt makes it drop the summary.
  const child = spawn(k6.path, ["run", "--quiet", "--no-color", "--log-format", "json", "--out", out, "-"], {
    cwd: dirname(order.script),
    env: k6Env(order),
    stdio: ["pipe", "ignore", "pipe"],
    detached: true,
  });
  tether(child);
  const log = new LogKeeper(redactorFor(order));
  child.stderr.setEncoding("utf8").on("data", (text: string) => log.push(text));
  child.stdin.on("error", () => {}); // k6 that dies before reading its script says why by its exit
  child.stdin.end(bundle);

  const reader = new RecordReader();
  const cpu = { cores: coresAvailable(), samples: [] as number[] };
  let interrupted = false;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGINT");
    killTimer ??= setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
  const interrupt = () => {
    interrupted = true;
    stop();
  };
  let overdueMs: number | null = null;
  const { endsWithinMs } = files;
  const overdue =
    endsWithinMs !== null && endsWithinMs <= LONGEST_TIMER_MS
      ? setTimeout(() => {
          overdueMs = endsWithinMs;
          stop();
        }, endsWithinMs)
      : undefined;
  order.signal.addEventListener("abort", interrupt, { once: true });
  if (order.signal.aborted) interrupt();

  const follow = follower(recordFile, reader);
  const ticker = setInterval(async () => {
    await follow();
    if (child.pid !== undefined) await sampleCpu(child.pid, cpu);
    order.onProgress(reader.progress(Date.now() - (reader.startMs ?? startedAt.getTime()), files.totalMs));
  }, 1000);

  const ended = await new Promise<Ended>((resolve) => {
    child.once("error", () => resolve({ code: null, signal: null }));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  clearInterval(ticker);
  clearTimeout(overdue);
  clearTimeout(killTimer);
  order.signal.removeEventListener("abort", interrupt);
  await follow();

  const summary = readSummary(files.summary);
  if (ended.code === 104 || ended.code === 255) {
    removeWorkingFiles();
    throw badConfiguration(order.script, log.lines());
  }
  const measured = assemble({
    k6,
    order,
    reader,
    summary,
    ended,
    interrupted,
    overdueMs,
    cpu,
    log,
    startedAt,
  });
  if (summary) removeWorkingFiles();
  return measured;
}

/**
 * k6's environment. Recording costs k6 about a tenth of its throughput, and collecting garbage less often gives it
 * back (measured by bench/gate-against-k6.mjs); the memory limit keeps that from ending in the out-of-memory killer.
 */
export function k6Env(order: LoadOrder): Record<string, string> {
  const env = Object.fromEntries(
    Object.entries(order.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  if (order.target !== null) env.TARGET = order.target;
  env.HEADROOM_SCALING = JSON.stringify(order.scaling);
  if (order.load !== undefined) env.HEADROOM_LOAD = JSON.stringify(order.load);
  env.K6_NO_USAGE_REPORT = "true";
  env.GOGC ??= "300";
  // A container's limit, where there is one, is far below what the machine has.
  const memoryBytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  env.GOMEMLIMIT ??= `${Math.floor(memoryBytes / 2 / 1024 ** 2)}MiB`;
  return env;
}

/** Reads what a growing file gained since the last call; calls do not overlap. */
function follower(file: string, reader: RecordReader): () => Promise<void> {
  let position = 0;
  let running: Promise<void> = Promise.resolve();
  const decoder = new TextDecoder();
  const read = async () => {
    if (!existsSync(file)) return;
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      while (position < size) {
        const buffer = Buffer.alloc(Math.min(1 << 20, size - position));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) break;
        position += bytesRead;
        reader.push(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
      }
    } finally {
      await handle.close();
    }
  };
  return () => {
    running = running.then(read);
    return running;
  };
}

async function sampleCpu(pid: number, { cores, samples }: Parts["cpu"]): Promise<void> {
  try {
    const { cpu } = await pidusage(pid);
    samples.push(Math.round(cpu / cores) / 100);
  } catch {
    // the process has just ended, or this platform does not tell: no sample
  }
}

function readSummary(file: string): { summary: Summary; ownError: string | null } | null {
  if (!existsSync(file)) return null;
  try {
    const parsed = SummaryFile.parse(JSON.parse(readFileSync(file, "utf8")));
    return { summary: parsed.data, ownError: parsed.ownError };
  } catch {
    return null; // cut short or of another shape: the same as missing, and validity says so
  }
}

function badConfiguration(script: string, lines: readonly string[]): InputError {
  return new InputError([
    {
      file: script,
      message: `k6 refuses the configuration: ${lines.slice(0, 3).join(" · ") || "no message"}`,
      remedy: "Mend the script's options or the criterion that names an unknown metric",
    },
  ]);
}
