import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { comparePlans } from "../../comparison/compare-plans.ts";
import { compareRuns } from "../../comparison/compare-runs.ts";
import {
  type ConditionDifference,
  describeDifference,
  differencesBetween,
} from "../../comparison/like-for-like.ts";
import { USUAL_CRITERIA } from "../../comparison/usual-criteria.ts";
import { judge } from "../../gate/judge.ts";
import type { Comparison, Outcome, PlanComparison } from "../../model/comparison.ts";
import { Plan } from "../../model/plan.ts";
import { InputError } from "../../model/problem.ts";
import type { RunResult } from "../../model/run.ts";
import { comparisonReporters } from "../../reporters/comparison/index.ts";
import {
  renderComparisonTerminal,
  renderPlanComparisonTerminal,
} from "../../reporters/comparison/terminal.ts";
import { chooseFormats } from "../../reporters/index.ts";
import { loadThresholdsFile } from "../../systems/thresholds-file.ts";
import { readRun, requireRunFile, thresholdsOf } from "../baselines.ts";
import { EXIT } from "../exit-codes.ts";
import { readJson } from "../read-json.ts";
import { savedUnder } from "../reports-folder.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { shownPath, writeWhole } from "../write-files.ts";

export interface CompareOptions extends CommonOptions {
  readonly thresholds?: string;
  /** Compare although the load was not the same. */
  readonly anyway?: boolean;
}

const EXIT_OF: Record<Outcome, number> = {
  regressed: EXIT.fail,
  improved: EXIT.pass,
  "no-change-shown": EXIT.pass,
  inconclusive: EXIT.inconclusive,
};

/** `headroom compare a b`: two runs (or folders of several), or two plans; a is the baseline. */
export function compare(a: string, b: string, options: CompareOptions): void {
  const terminal = openTerminal(options);
  const reporters = chooseFormats(comparisonReporters, options.format);
  const isPlan = planFileAt(a) !== null || planFileAt(b) !== null;
  const result = isPlan ? compareTwoPlans(a, b) : compareTwoRuns(a, b, options);
  if (options.out !== undefined) {
    for (const file of reporters.flatMap((reporter) => reporter.render(result)))
      writeWhole(join(options.out, file.name), file.text);
    terminal.note(`comparison: ${shownPath(options.out)}`);
  }
  if (options.json) terminal.printJson(result);
  else
    terminal.print(
      "lines" in result
        ? renderComparisonTerminal(result, terminal)
        : renderPlanComparisonTerminal(result, terminal),
    );
  if ("outcome" in result) process.exitCode = EXIT_OF[result.outcome];
}

function compareTwoRuns(a: string, b: string, { thresholds, anyway }: CompareOptions): Comparison {
  const [baseline, candidate] = [runsAt(a), runsAt(b)];
  const differences = differencesBetween(baseline[0], candidate[0]);
  const apart = [...baseline.slice(1), ...candidate.slice(1)].flatMap((run) =>
    differencesBetween(baseline[0], run).filter(({ kind }) => kind === "load"),
  );
  const refusing = [...differences.filter(({ kind }) => kind === "load"), ...apart];
  if (refusing.length > 0 && !anyway) throw notAlike(a, b, refusing);
  const doubtful = [...baseline, ...candidate]
    .map((run) => ({ run, verdict: judge(run, thresholdsOf(run), "") }))
    .find(({ verdict }) => verdict.status === "inconclusive");
  if (doubtful !== undefined && !anyway)
    throw InputError.option(
      `${doubtful.run.id} proves nothing: ${doubtful.verdict.reasons[0]?.message ?? "inconclusive"}`,
      "Compare valid runs, or add --anyway",
    );
  const { regression } =
    thresholds === undefined ? thresholdsOf(candidate[0]) : loadThresholdsFile(thresholds).thresholds;
  return compareRuns(baseline, candidate, regression.length > 0 ? regression : USUAL_CRITERIA, differences);
}

function notAlike(a: string, b: string, differences: readonly ConditionDifference[]): InputError {
  return InputError.option(
    `${a} and ${b} are not like for like: ${differences.map(describeDifference).join("; ")}`,
    "Compare runs of the same load, or add --anyway",
  );
}

/** A run, or every run one folder down. */
function runsAt(path: string): readonly [RunResult, ...RunResult[]] {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const files =
    isFolder && !existsSync(join(path, "run.json")) ? savedUnder(path, "run.json") : [requireRunFile(path)];
  const [first, ...others] = files.map(readRun);
  if (first === undefined)
    throw new InputError([
      {
        file: path,
        message: "holds neither runs nor a plan",
        remedy: "Give a folder that `headroom gate` or `headroom plan` wrote",
      },
    ]);
  return [first, ...others];
}

function compareTwoPlans(a: string, b: string): PlanComparison {
  const [older, newer] = [readPlan(a), readPlan(b)];
  if (older.system !== newer.system)
    throw InputError.option(
      `${a} is a plan of ${older.system}, ${b} of ${newer.system}`,
      "Compare plans of one system",
    );
  return older.asOf <= newer.asOf ? comparePlans(older, newer) : comparePlans(newer, older);
}

function readPlan(path: string): Plan {
  const file = planFileAt(path);
  if (file === null)
    throw new InputError([
      { file: path, message: "is no plan", remedy: "Give plan.json or the folder that holds it" },
    ]);
  return readJson(file, Plan, "Give a plan.json that `headroom plan` wrote") as Plan;
}

/** plan.json itself or the folder that holds it; null when the path is no plan's. */
function planFileAt(path: string): string | null {
  if (!existsSync(path)) return null;
  if (!statSync(path).isDirectory()) return /plan[^/]*\.json$/.test(path) ? path : null;
  const file = join(path, "plan.json");
  return existsSync(file) && !existsSync(join(path, "run.json")) ? file : null;
}
