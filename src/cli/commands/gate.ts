import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { compareRuns } from "../../comparison/compare-runs.ts";
import { USUAL_CRITERIA } from "../../comparison/usual-criteria.ts";
import { chooseEngine } from "../../engines/index.ts";
import { judge } from "../../gate/judge.ts";
import type { Comparison } from "../../model/comparison.ts";
import { InputError, Interrupted } from "../../model/problem.ts";
import type { RunResult } from "../../model/run.ts";
import type { Verdict } from "../../model/verdict.ts";
import { connectionFrom } from "../../prometheus/connection.ts";
import { withoutCredentials } from "../../prometheus/redact-url.ts";
import { chooseReporters } from "../../reporters/index.ts";
import { type Baseline, type BaselineOptions, findBaseline } from "../baselines.ts";
import { type DistributedOptions, findDistributedRun } from "../distributed-run.ts";
import { describeEnvironment } from "../environment.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { findSubject, type GateSubject, type SubjectOptions } from "../gate-subject.ts";
import { greetTarget } from "../greet-target.ts";
import { holdFolder } from "../hold-folder.ts";
import { onInterrupt } from "../interrupt.ts";
import { type CostOptions, requireCosts } from "../load-costs.ts";
import { type Measuring, measureRun } from "../measure-run.ts";
import { parseTarget } from "../options.ts";
import { plannedRate, rehearsalLoad, replan, withoutRate } from "../rehearsal.ts";
import { reportGate } from "../report-gate.ts";
import { reportsOf, timeStamp } from "../reports-folder.ts";
import { requireAllowedTargets } from "../target-guard.ts";
import { openTerminal } from "../terminal.ts";
import { makeFolder, removeIfEmpty, writeWhole } from "../write-files.ts";

export interface GateOptions extends SubjectOptions, BaselineOptions, DistributedOptions, CostOptions {
  readonly engine: "auto" | "k6" | "autocannon";
  readonly k6?: string;
  readonly prometheus?: string;
  readonly allowTarget?: string[];
  /** The release to be held to, running beside the candidate. */
  readonly against?: string;
  readonly rounds?: number;
}

const USUAL_ROUNDS = 2;

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
  const elsewhere = await findDistributedRun(system, asked, terminal);
  const planned = elsewhere === null ? plannedRate(system, asked, terminal) : null;
  const options: GateOptions = {
    ...(planned === null ? asked : withoutRate(asked)),
    ...elsewhere?.exported,
  };
  const reporters = chooseReporters(options.format);
  const named = await subjectOf(elsewhere?.system ?? system, options);
  const load = planned === null ? undefined : rehearsalLoad(planned, named);
  const subject = load === undefined ? named : { ...named, plan: replan(named, load) };
  const prometheus =
    options.prometheus === undefined ? null : connectionFrom(options.prometheus, process.env);
  const against = options.against === undefined ? null : parseTarget(options.against);
  if (against !== null && options.baseline !== undefined)
    throw InputError.option("--against and --baseline both name what to compare with", "Give one of them");
  const loaded = elsewhere === null ? [subject.target, against] : [];
  const reach = await requireAllowedTargets(loaded, subject.root, options.allowTarget);
  const engine = elsewhere?.engine ?? (await chooseEngine(options, process.env));
  if (engine.name !== "k6")
    terminal.note(
      `k6 is not used: the embedded engine (autocannon ${engine.version}) runs the journey instead`,
    );
  const baseline = findBaseline(
    {
      system: subject.system,
      asked: { scenario: subject.scenario, script: subject.ownScript, load: subject.plan },
      engine,
      environment: describeEnvironment(process.env),
    },
    options,
  );
  for (const target of loaded) {
    if (target === null) continue;
    const greeting = await greetTarget(target);
    requireCosts(subject, greeting, options, terminal);
  }

  const id = elsewhere?.runId ?? runId(subject.scenario);
  const { path: folder, release } = holdFolder(resolve(options.out ?? join(reportsOf(subject.system), id)));
  const interrupted = onInterrupt(() =>
    terminal.note(
      elsewhere === null
        ? "interrupted: ending the load and keeping what was measured …"
        : "interrupted: the generators go on; what they measured so far is kept …",
    ),
  );
  const measuring: Measuring = {
    subject,
    engine,
    scaling: options,
    reach,
    load,
    prometheus,
    terminal,
    signal: interrupted.signal,
  };
  try {
    const { run, judged, comparison } =
      against === null
        ? await runOnce(measuring, folder, id, baseline)
        : await runAgainst(measuring, folder, id, against, options.rounds ?? USUAL_ROUNDS);
    return {
      verdict: reportGate({ run, verdict: judged, comparison }, subject, {
        folder,
        reporters,
        terminal,
        json: options.json === true,
      }),
      folder,
    };
  } finally {
    interrupted.dispose();
    release();
    removeIfEmpty(folder);
  }
}

interface Judged {
  readonly run: RunResult;
  readonly judged: Verdict;
  readonly comparison: Comparison | null;
}

async function runOnce(
  measuring: Measuring,
  folder: string,
  id: string,
  baseline: Baseline | null,
): Promise<Judged> {
  const { subject } = measuring;
  const run = await measureRun(measuring, { target: subject.target, folder, id, label: subject.system });
  const comparison =
    baseline === null
      ? null
      : compareRuns(baseline.runs, [run], regressionCriteria(subject), baseline.differences);
  return {
    run,
    judged: judge(run, subject.criteria.thresholds, join(folder, "run.json"), comparison),
    comparison,
  };
}

/**
 * Base and candidate in turn, A B A B: what the machine does to one it does to the other. The verdict is that of the
 * candidate's worst run.
 */
async function runAgainst(
  measuring: Measuring,
  folder: string,
  id: string,
  against: string,
  rounds: number,
): Promise<Judged> {
  const { subject, signal } = measuring;
  const runs: Record<"base" | "candidate", RunResult[]> = { base: [], candidate: [] };
  for (let round = 1; round <= rounds && !signal.aborted; round++)
    for (const [side, target] of [
      ["base", against],
      ["candidate", subject.target],
    ] as const) {
      if (signal.aborted) break;
      const name = `${side}-${round}`;
      runs[side].push(
        await measureRun(measuring, {
          target,
          folder: makeFolder(join(folder, name)),
          id: `${id}-${name}`,
          label: `${subject.system} ${side} ${round}/${rounds}`,
        }),
      );
    }
  const { thresholds } = subject.criteria;
  const [base, ...bases] = runs.base;
  const [first, ...others] = runs.candidate;
  if (base === undefined || first === undefined) throw new Interrupted();
  const comparison = compareRuns([base, ...bases], [first, ...others], regressionCriteria(subject));
  const judgedBase = runs.base.map((run) => judge(run, thresholds, ""));
  const judged = runs.candidate
    .map((run) => ({ run, verdict: judge(run, thresholds, join(folder, "run.json"), comparison) }))
    .sort((a, b) => SEVERITY[b.verdict.status] - SEVERITY[a.verdict.status]);
  const [worst] = judged;
  const verdict = withBase((worst as (typeof judged)[number]).verdict, judgedBase, against);
  const run = { ...(worst as (typeof judged)[number]).run, id };
  writeWhole(join(folder, "run.json"), `${JSON.stringify(run)}\n`);
  return { run, judged: verdict, comparison };
}

const SEVERITY: Record<Verdict["status"], number> = { pass: 0, inconclusive: 1, fail: 2 };

/** A base whose runs prove nothing leaves nothing to be compared with. */
function withBase(verdict: Verdict, base: readonly Verdict[], against: string): Verdict {
  const doubtful = base.find(({ status }) => status === "inconclusive");
  if (doubtful === undefined || verdict.status === "fail") return verdict;
  return {
    ...verdict,
    status: "inconclusive",
    reasons: [
      ...verdict.reasons,
      {
        code: "base-inconclusive",
        message: `a run of ${withoutCredentials(against)} proves nothing: ${doubtful.reasons[0]?.message ?? ""}`,
        remedy: doubtful.reasons[0]?.remedy ?? "Look at its run.json",
      },
    ],
  };
}

const regressionCriteria = ({ criteria }: GateSubject) =>
  criteria.thresholds.regression.length > 0 ? criteria.thresholds.regression : USUAL_CRITERIA;

export function runId(scenario: string): string {
  return `${timeStamp()}-${scenario.replace(/[^\w-]/g, "_")}-${randomBytes(2).toString("hex")}`;
}
