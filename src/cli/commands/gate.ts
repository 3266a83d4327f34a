import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join, resolve } from "node:path";
import axios from "axios";
import type { Load } from "../../../scenarios/lib/load.ts";
import type { LoadOrder } from "../../engines/engine.ts";
import { chooseEngine } from "../../engines/index.ts";
import { judge } from "../../gate/judge.ts";
import { observeServer } from "../../gate/observe-server.ts";
import { appliesTo } from "../../model/criterion.ts";
import { InputError, messageOf, ToolError } from "../../model/problem.ts";
import type { RunResult } from "../../model/run.ts";
import type { Verdict } from "../../model/verdict.ts";
import { PrometheusClient } from "../../prometheus/client.ts";
import { type Connection, connectionFrom } from "../../prometheus/connection.ts";
import { withoutCredentials } from "../../prometheus/redact-url.ts";
import { chooseReporters } from "../../reporters/index.ts";
import { markdown } from "../../reporters/markdown.ts";
import { renderTerminal } from "../../reporters/terminal.ts";
import { formatSeconds } from "../../reporters/words.ts";
import { planFor } from "../../systems/load-scenario.ts";
import { describeEnvironment } from "../environment.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { criteriaForLoad, findSubject, type GateSubject, type SubjectOptions } from "../gate-subject.ts";
import { onInterrupt } from "../interrupt.ts";
import { scalingOf } from "../options.ts";
import { newestPlan } from "../plan-inputs.ts";
import { viewProgress } from "../progress.ts";
import { redactCommand } from "../redact.ts";
import { requireAllowedTarget } from "../target-guard.ts";
import { openTerminal, type Terminal } from "../terminal.ts";
import { makeFolder, removeIfEmpty, shownPath, writeWhole } from "../write-files.ts";

export interface GateOptions extends SubjectOptions {
  readonly engine: "auto" | "k6" | "autocannon";
  readonly k6?: string;
  readonly prometheus?: string;
  readonly allowTarget?: string[];
}

/** `headroom gate`: load → judge → report. Sets the exit code. */
export async function gate(system: string | undefined, options: GateOptions): Promise<void> {
  const { verdict } = await runGate(system, options);
  process.exitCode = exitCodeOf(verdict);
}

export async function runGate(
  system: string | undefined,
  asked: GateOptions,
  subjectOf: (system: string | undefined, options: SubjectOptions) => Promise<GateSubject> = findSubject,
): Promise<{ verdict: Verdict; folder: string }> {
  const terminal = openTerminal(asked);
  const planned = plannedRate(system, asked, terminal);
  const options: GateOptions = planned === null ? asked : withoutRate(asked);
  const reporters = chooseReporters(options.format);
  const named = await subjectOf(system, options);
  const load = planned === null ? undefined : rehearsalLoad(planned, named);
  const subject = load === undefined ? named : { ...named, plan: replan(named, load) };
  const prometheus =
    options.prometheus === undefined ? null : connectionFrom(options.prometheus, process.env);
  await requireAllowedTarget(subject.target, subject.root, options.allowTarget);
  const engine = await chooseEngine(options, process.env);
  if (engine.name !== "k6")
    terminal.note(
      `k6 is not used: the embedded engine (autocannon ${engine.version}) runs the journey instead`,
    );
  await requireAnswer(subject.target);

  const id = runId(subject.scenario);
  const folder = makeFolder(resolve(options.out ?? join("reports", subject.system, id)));
  const interrupted = onInterrupt(() =>
    terminal.note("interrupted: ending the load and keeping what was measured …"),
  );
  const progress = viewProgress(terminal, subject.system);
  const order: LoadOrder = {
    root: subject.root,
    script: subject.script,
    journey: subject.journey,
    plan: subject.plan,
    // The plan of a rehearsal is already as long as was asked.
    scaling: load === undefined ? scalingOf(options) : {},
    ...(load === undefined ? {} : { load }),
    target: subject.target,
    criteria: criteriaForLoad(subject),
    folder,
    env: process.env,
    signal: interrupted.signal,
    onProgress: progress.show,
  };
  try {
    const prepared = await engine.prepare(order);
    terminal.note(describeLoad(subject, engine, prepared.totalMs));
    const measured = await prepared.run();
    progress.end();
    const run: RunResult = {
      schema: "headroom/run@1",
      id,
      system: subject.system,
      asked: {
        target: subject.target === null ? null : withoutCredentials(subject.target),
        scenario: subject.scenario,
        script: options.script ?? null,
        load: subject.plan,
        command: redactCommand(process.argv.slice(2)),
      },
      environment: describeEnvironment(process.env),
      thresholds: { file: subject.criteria.file, text: subject.criteria.text },
      ...measured,
      server: await observe(prometheus, subject, measured),
    };
    return {
      verdict: finish(run, subject, { folder, reporters, terminal, json: options.json === true }),
      folder,
    };
  } finally {
    progress.end();
    interrupted.dispose();
    removeIfEmpty(folder);
  }
}

/** `--rate from-plan:p90` as the number the newest plan has for it; null where the rate is none of a plan's. */
function plannedRate(system: string | undefined, { rate }: GateOptions, terminal: Terminal): number | null {
  if (typeof rate !== "string") return null;
  if (system === undefined) throw InputError.option("no system named", "A plan is of a system: name it");
  const { file, rehearsal } = newestPlan(system);
  terminal.note(
    `${rehearsal[rate].toFixed(1)} requests/s: ${rate} of ${rehearsal.signal} at the horizon of ${shownPath(file)}`,
  );
  return rehearsal[rate];
}

function withoutRate({ rate: _, ...rest }: GateOptions): GateOptions {
  return rest;
}

/**
 * The forecast demand as it will come, at its rate whatever the answers take, for as long as the scenario lasts: the
 * scenario's own load may be users that wait for answers.
 */
function rehearsalLoad(rate: number, { plan }: GateSubject): Load {
  const totalMs = plan?.totalMs ?? 0;
  const share = (part: number) => `${Math.round(totalMs * part)}ms`;
  return {
    model: "open",
    stages: [
      { duration: share(0.1), target: rate },
      { duration: share(0.8), target: rate },
      { duration: share(0.1), target: 0 },
    ],
  };
}

function replan({ journey, script }: GateSubject, load: Load) {
  if (journey === null)
    throw InputError.option("a script has a load of its own", "Leave out --rate from-plan");
  return planFor(journey, load, {}, script);
}

/** Any answer will do: whether it is the right one is for the run to find out. */
export async function requireAnswer(target: string | null): Promise<void> {
  if (target === null) return;
  try {
    await axios
      .get(target, { timeout: 10_000, validateStatus: () => true, maxRedirects: 0, responseType: "stream" })
      .then(({ data }) => data.destroy());
  } catch (thrown) {
    throw new ToolError(
      `${withoutCredentials(target)} cannot be reached: ${messageOf(thrown)}`,
      "Check the URL and that the service is up",
      thrown,
    );
  }
}

function describeLoad(
  subject: GateSubject,
  engine: { name: string; version: string },
  totalMs: number | null,
): string {
  const length = totalMs === null ? "" : `, ${formatSeconds(totalMs)}`;
  const { plan } = subject;
  const peak =
    plan === null
      ? "the script's own load"
      : plan.model === "open"
        ? `up to ${Number(plan.peak.toFixed(2))} requests/s (open)`
        : `up to ${plan.peak} users (closed)`;
  return `${subject.system} ${subject.scenario}: ${peak}${length}, ${engine.name} ${engine.version}${subject.target ? ` → ${withoutCredentials(subject.target)}` : ""}`;
}

async function observe(
  prometheus: Connection | null,
  subject: GateSubject,
  { startedAt, endedAt }: Pick<RunResult, "startedAt" | "endedAt">,
) {
  if (prometheus === null) return null;
  const client = new PrometheusClient(prometheus);
  const asked = subject.criteria.thresholds.server.filter((criterion) =>
    appliesTo(criterion, subject.scenario, subject.plan),
  );
  return await observeServer(client, asked, { startMs: Date.parse(startedAt), endMs: Date.parse(endedAt) });
}

interface Finish {
  readonly folder: string;
  readonly reporters: ReturnType<typeof chooseReporters>;
  readonly terminal: Terminal;
  readonly json: boolean;
}

function finish(
  run: RunResult,
  subject: GateSubject,
  { folder, reporters, terminal, json }: Finish,
): Verdict {
  const runFile = join(folder, "run.json");
  writeWhole(runFile, `${JSON.stringify(run)}\n`);
  const verdict = judge(run, subject.criteria.thresholds, runFile);
  for (const file of reporters.flatMap((reporter) => reporter.render({ run, verdict })))
    writeWhole(join(folder, file.name), file.text);
  appendJobSummary(run, verdict, terminal);
  if (json) terminal.print(JSON.stringify(verdict));
  else terminal.print(renderTerminal({ run, verdict }, terminal));
  terminal.note(`reports: ${shownPath(folder)}`);
  return verdict;
}

/** GitHub and compatible runners name a file whose Markdown becomes the job's summary page. */
function appendJobSummary(run: RunResult, verdict: Verdict, terminal: Terminal): void {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    appendFileSync(file, markdown.render({ run, verdict })[0]?.text ?? "");
  } catch (thrown) {
    terminal.note(`the job summary could not be written: ${messageOf(thrown)}`);
  }
}

export function runId(scenario: string): string {
  const time = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `${time}-${scenario.replace(/[^\w-]/g, "_")}-${randomBytes(2).toString("hex")}`;
}
