import { join } from "node:path";
import type { Load } from "../../scenarios/lib/load.ts";
import type { Engine, LoadOrder } from "../engines/engine.ts";
import { expectCalls } from "../gate/expected-calls.ts";
import { describeTooFew, foreseeTooFew } from "../gate/foresee.ts";
import { observeServer, untilShown } from "../gate/observe-server.ts";
import type { Reach } from "../model/address.ts";
import { appliesTo } from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import { formatQuantity } from "../model/unit.ts";
import { PrometheusClient } from "../prometheus/client.ts";
import type { Connection } from "../prometheus/connection.ts";
import { withoutCredentials } from "../prometheus/redact-url.ts";
import { engineWords, formatSeconds } from "../reporters/words.ts";
import { describeEnvironment } from "./environment.ts";
import { criteriaForLoad, type GateSubject } from "./gate-subject.ts";
import { type ScalingOptions, scalingOf } from "./options.ts";
import { viewProgress } from "./progress.ts";
import { redactCommand } from "./redact.ts";
import type { Terminal } from "./terminal.ts";
import { writeWhole } from "./write-files.ts";

/** Everything the runs of one command have in common. */
export interface Measuring {
  readonly subject: GateSubject;
  readonly engine: Engine;
  readonly scaling: ScalingOptions;
  readonly reach: Reach;
  /** Instead of the scenario's own; the subject's plan is its plan. */
  readonly load?: Load | undefined;
  readonly prometheus: Connection | null;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Loads the target once; what was measured is written to run.json before anything else is done with it. */
export async function measureRun(
  { subject, engine, scaling, reach, load, prometheus, terminal, signal }: Measuring,
  { target, folder, id, label }: { target: string | null; folder: string; id: string; label: string },
): Promise<RunResult> {
  const progress = viewProgress(terminal, label);
  const { journey, plan } = subject;
  const expected = journey === null || plan === null ? undefined : expectCalls(journey, plan);
  const order: LoadOrder = {
    root: subject.root,
    script: subject.script,
    journey,
    plan,
    // The plan of a load of its own is already as long as was asked.
    scaling: load === undefined ? scalingOf(scaling) : {},
    ...(load === undefined ? {} : { load }),
    target,
    reach,
    criteria: criteriaForLoad(subject),
    folder,
    env: subject.env,
    signal,
    onProgress: progress.show,
  };
  try {
    const prepared = await engine.prepare(order);
    terminal.note(describeLoad(subject, engine, prepared.totalMs, label, target));
    for (const line of describeMemory(prepared.memoryBytes, process.availableMemory())) terminal.note(line);
    for (const tooFew of foreseeTooFew(order.criteria, expected ?? []))
      terminal.note(`warning: ${describeTooFew(tooFew)}`);
    const measured = await prepared.run();
    progress.end();
    if (target === null) for (const line of describeHosts(measured.evidence)) terminal.note(line);
    const run: RunResult = {
      schema: "headroom/run@1",
      id,
      system: subject.system,
      asked: {
        target: target === null ? null : withoutCredentials(target),
        scenario: subject.scenario,
        script: subject.ownScript,
        load: plan,
        ...(expected === undefined ? {} : { expected }),
        ...(subject.isStrict ? { strict: true } : {}),
        command: redactCommand(process.argv.slice(2)),
      },
      environment: describeEnvironment(process.env),
      thresholds: { file: subject.criteria.file, text: subject.criteria.text },
      ...measured,
      server: await observe(prometheus, subject, measured, terminal),
    };
    writeWhole(join(folder, "run.json"), `${JSON.stringify(run)}\n`);
    return run;
  } finally {
    progress.end();
  }
}

function describeLoad(
  { scenario, plan }: GateSubject,
  engine: Engine,
  totalMs: number | null,
  label: string,
  target: string | null,
): string {
  const length = totalMs === null ? "" : `, ${formatSeconds(totalMs)}`;
  const peak =
    plan === null
      ? "the script's own load"
      : plan.model === "open"
        ? `up to ${Number(plan.peak.toFixed(2))} requests/s (open)`
        : `up to ${plan.peak} users (closed)`;
  return `${label} ${scenario}: ${peak}${length}, ${engineWords(engine)}${target ? ` → ${withoutCredentials(target)}` : ""}`;
}

/** Where a script's load went when no target was named for it. */
function describeHosts({ hosts = [] }: RunResult["evidence"]): string[] {
  if (hosts.length === 0) return [];
  const shown = hosts.slice(0, 5).map(({ host, requests }) => `${host} (${requests})`);
  return [
    `no --target was named; requests went to ${shown.join(", ")}${hosts.length > 5 ? " and others" : ""}`,
  ];
}

/** Less than this nobody needs to be told. */
const WORTH_TELLING_BYTES = 512 * 1024 ** 2;

/** What a long load will hold, and whether it fits: found before the load and not hours into it. */
export function describeMemory(needed: number | null, available: number): string[] {
  if (needed === null || needed < WORTH_TELLING_BYTES) return [];
  const [need, free] = [formatQuantity(needed, "bytes"), formatQuantity(available, "bytes")];
  return needed > 0.8 * available
    ? [
        `warning: k6 keeps every sample and will hold about ${need} by the end, ${free} are available: it may be killed; shorten the load, lower its rate, or use --engine autocannon, whose histograms do not grow`,
      ]
    : [`k6 keeps every sample: about ${need} by the end, ${free} are available`];
}

/** A store's clock that differs more than this is corrected for; less is within a scrape. */
const TOLERATED_SKEW_MS = 5000;

/** The run's window as the store's clock had it: its samples bear its own times. */
function byClockOf(
  { clockAheadMs }: PrometheusClient,
  { startMs, endMs }: { startMs: number; endMs: number },
  terminal: Terminal,
) {
  if (Math.abs(clockAheadMs) <= TOLERATED_SKEW_MS) return { startMs, endMs };
  const seconds = Math.round(Math.abs(clockAheadMs) / 1000);
  terminal.note(
    `the store's clock is ${seconds} s ${clockAheadMs > 0 ? "ahead of" : "behind"} this machine's: the run is looked for at its time`,
  );
  return { startMs: startMs + clockAheadMs, endMs: endMs + clockAheadMs };
}

async function observe(
  prometheus: Connection | null,
  subject: GateSubject,
  { startedAt, endedAt }: Pick<RunResult, "startedAt" | "endedAt">,
  terminal: Terminal,
) {
  if (prometheus === null) return null;
  const client = new PrometheusClient(prometheus);
  const asked = subject.criteria.thresholds.server.filter((criterion) =>
    appliesTo(criterion, subject.scenario, subject.plan),
  );
  const window = { startMs: Date.parse(startedAt), endMs: Date.parse(endedAt) };
  if (asked.length > 0)
    await untilShown(client, window.endMs, () =>
      terminal.note("waiting for the store to show the end of the run …"),
    ).catch(() => {}); // a store that does not answer is found out, and said, by every criterion
  return await observeServer(client, asked, byClockOf(client, window, terminal));
}
