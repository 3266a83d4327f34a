import type { Measurement } from "../../src/engines/engine.ts";
import { thresholdsFor } from "../../src/engines/k6/index.ts";
import { LogKeeper } from "../../src/engines/k6/log.ts";
import { assemble, type Parts } from "../../src/engines/k6/measurement.ts";
import { RecordReader } from "../../src/engines/k6/record.ts";
import { SummaryFile } from "../../src/engines/k6/summary.ts";
import type { ClientCriterion } from "../../src/model/criterion.ts";
import type { Draw } from "./draw.ts";
import type { Happened } from "./happened.ts";
import { k6Record, START_MS } from "./k6-record.ts";
import { k6Summary } from "./k6-summary.ts";
import { OWN_FILES, OWN_PORTS } from "./machine.ts";
import type { GeneratorFaultKind, World } from "./world.ts";

/** What k6 left of what happened, through the engine's own assembly. */
export function measureByK6(
  happened: Happened,
  criteria: readonly ClientCriterion[],
  draw: Draw,
  isWhole: boolean,
): Measurement {
  const { world } = happened;
  const has = (kind: GeneratorFaultKind) => world.generator.some((fault) => fault.kind === kind);
  const order = {
    root: ".",
    script: "simulated.ts",
    journey: world.journey,
    plan: world.plan,
    scaling: {},
    reach: { hosts: [], addresses: [] },
    target: TARGET,
    criteria,
    folder: ".",
    env: {},
    signal: new AbortController().signal,
    onProgress: () => {},
  };
  const reader = new RecordReader();
  reader.push(k6Record(happened, isWhole));
  const log = new LogKeeper((text) => text);
  for (const line of logOf(happened)) log.push(`${JSON.stringify(line)}\n`);
  const written = k6Summary(happened, thresholdsFor(order));
  // Through the file's own reader where time allows: it is the slowest part.
  const read = isWhole
    ? SummaryFile.parse(JSON.parse(JSON.stringify({ ownError: null, data: written }))).data
    : written;
  const summary = has("killed")
    ? null
    : { summary: read, ownError: has("summary-failed") ? "Error: no such folder" : null };
  return {
    ...assemble({
      k6: { path: "k6", version: "2.2.0", source: "PATH" },
      order,
      reader,
      summary,
      ended: endOf(happened, summary),
      interrupted: has("interrupted"),
      overdueMs: has("overdue") ? world.plan.totalMs + 60_000 : null,
      cpu: cpuOf(world, happened, draw),
      log,
      startedAt: new Date(START_MS),
    }),
    endedAt: new Date(START_MS + Math.round(happened.lastMs)).toISOString(),
  };
}

export const TARGET = "http://127.0.0.1:8000";

function endOf({ world, setupFailed }: Happened, summary: Parts["summary"]): Parts["ended"] {
  const has = (kind: GeneratorFaultKind) => world.generator.some((fault) => fault.kind === kind);
  if (has("killed")) return { code: null, signal: "SIGKILL" };
  if (has("crash")) return { code: 109, signal: null };
  if (has("overdue") || has("interrupted")) return { code: 105, signal: null };
  if (has("aborted")) return { code: 108, signal: null };
  if (setupFailed) return { code: 107, signal: null };
  if (has("marked-failed")) return { code: 110, signal: null };
  const metrics = Object.values(summary?.summary.metrics ?? {});
  const isBroken = metrics.some(({ thresholds }) => Object.values(thresholds ?? {}).some(({ ok }) => !ok));
  return { code: isBroken ? 99 : 0, signal: null };
}

/** Share of its cores that the generator uses, a value a second. */
export function cpuOf({ generator }: World, { lastMs }: Happened, draw: Draw): Parts["cpu"] {
  const saturated = generator.find(({ kind }) => kind === "cpu");
  const seconds = Math.max(1, Math.floor(lastMs / 1000));
  const busy = saturated === undefined ? 0 : Math.ceil(saturated.amount * seconds);
  return {
    cores: 2,
    samples: Array.from({ length: seconds }, (_, at) =>
      at < busy ? draw.between(0.92, 1) : draw.between(0.05, 0.6),
    ),
  };
}

function logOf({ requests, exceptions }: Happened): { level: string; msg: string; error?: string }[] {
  const own: Record<number, string> = {
    [OWN_FILES]: "dial tcp 127.0.0.1:8000: socket: too many open files",
    [OWN_PORTS]: "dial tcp 127.0.0.1:8000: connect: cannot assign requested address",
  };
  return [
    ...requests.flatMap(({ error }) =>
      own[error] === undefined ? [] : [{ level: "warning", msg: "Request Failed", error: own[error] }],
    ),
    ...(exceptions > 0 ? [{ level: "error", msg: "TypeError: cannot read property 'id' of undefined" }] : []),
  ];
}
