import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { dirname, join } from "node:path";
import pidusage from "pidusage";
import { plannedIterations } from "../../../scenarios/lib/load.ts";
import { InputError } from "../../model/problem.ts";
import { type Evidence, QUANTILE_GRID } from "../../model/run.ts";
import type { LoadOrder, Measurement } from "../engine.ts";
import { explainExit } from "./exit-codes.ts";
import type { K6 } from "./find-k6.ts";
import { LogKeeper } from "./log.ts";
import { RecordReader } from "./record.ts";
import { redactorFor } from "./redact.ts";
import {
  counted,
  type Summary,
  SummaryFile,
  toChecks,
  toEngineThresholds,
  toErrors,
  toRows,
  toStatusCounts,
} from "./summary.ts";

/** What k6 logs when a file named by handleSummary cannot be written; it still exits 0. */
const SUMMARY_NOT_SAVED = /could not (save|open)|end-of-test summary/i;

/** After the first interrupt k6 writes its summary and leaves; one that does not within this time is killed. */
const GRACE_MS = 40_000;

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Runs a bundled script in k6 to its end and gathers what it measured. */
export async function runK6(
  k6: K6,
  bundle: string,
  order: LoadOrder,
  files: { summary: string; totalMs: number | null },
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
  const killOrphan = () => child.kill("SIGKILL");
  process.once("exit", killOrphan);
  const log = new LogKeeper(redactorFor(order));
  child.stderr.setEncoding("utf8").on("data", (text: string) => log.push(text));
  child.stdin.on("error", () => {}); // k6 that dies before reading its script says why by its exit
  child.stdin.end(bundle);

  const reader = new RecordReader();
  const cpu: number[] = [];
  let interrupted = false;
  let killTimer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    interrupted = true;
    child.kill("SIGINT");
    killTimer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
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
  clearTimeout(killTimer);
  process.off("exit", killOrphan);
  order.signal.removeEventListener("abort", interrupt);
  await follow();

  const summary = readSummary(files.summary);
  if (ended.code === 104 || ended.code === 255) {
    removeWorkingFiles();
    throw badConfiguration(order.script, log.lines());
  }
  const measured = assemble({ k6, order, reader, summary, ended, interrupted, cpu, log, startedAt });
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
  env.GOMEMLIMIT ??= `${Math.floor(totalmem() / 2 / 1024 ** 2)}MiB`;
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

async function sampleCpu(pid: number, samples: number[]): Promise<void> {
  try {
    const { cpu } = await pidusage(pid);
    samples.push(Math.round(cpu / availableParallelism()) / 100);
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

interface Parts {
  readonly k6: K6;
  readonly order: LoadOrder;
  readonly reader: RecordReader;
  readonly summary: { summary: Summary; ownError: string | null } | null;
  readonly ended: Ended;
  readonly interrupted: boolean;
  readonly cpu: readonly number[];
  readonly log: LogKeeper;
  readonly startedAt: Date;
}

function assemble(parts: Parts): Measurement {
  const { k6, reader, summary } = parts;
  const startedAt = reader.startMs === null ? parts.startedAt : new Date(reader.startMs);
  return {
    engine: { name: "k6", version: k6.version },
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    evidence: gatherEvidence(parts),
    quantileGrid: [...QUANTILE_GRID],
    metrics: summary ? toRows(summary.summary) : [],
    checks: summary ? toChecks(summary.summary.root_group) : [],
    statusCounts: summary ? toStatusCounts(summary.summary) : [],
    errors: summary ? toErrors(summary.summary) : [],
    timeline: { periodMs: 1000, series: reader.series() },
    engineThresholds: summary ? toEngineThresholds(summary.summary, parts.order.criteria) : [],
  };
}

function gatherEvidence({ order, reader, summary, ended, interrupted, cpu, log }: Parts): Evidence {
  const data = summary?.summary ?? null;
  const durationMs = data?.state.testRunDurationMs ?? reader.seconds * 1000;
  const abortedByCriterion = !interrupted && log.abortedByThreshold;
  const cutShort = interrupted || abortedByCriterion;
  const plan = order.plan;
  const ownError = summary?.ownError;
  return {
    exit: explainExit(ended.code, ended.signal),
    summaryComplete: data !== null,
    interrupted,
    abortedByCriterion,
    durationMs,
    plannedIterations:
      plan?.model === "open"
        ? Math.floor(plannedIterations(plan, cutShort ? durationMs : plan.totalMs))
        : null,
    iterations: data && counted(data, "iterations"),
    droppedIterations: data && counted(data, "dropped_iterations"),
    maxUsers: plan?.maxUsers ?? null,
    usersSeen: data?.metrics.vus_max?.values.max ?? null,
    exceptions: data && counted(data, "headroom_exceptions"),
    rateLimited: data && Math.max(counted(data, "headroom_limited"), counted(data, "http_reqs{status:429}")),
    generatorCpu: cpu.length === 0 ? null : { cores: availableParallelism(), samples: [...cpu] },
    scriptSummaryError: ownError ?? log.lines().find((line) => SUMMARY_NOT_SAVED.test(line)) ?? null,
    log: log.lines(),
  };
}
