import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type ConditionDifference,
  type Conditions,
  describeDifference,
  differencesBetween,
} from "../comparison/like-for-like.ts";
import { judge } from "../gate/judge.ts";
import { Comparison } from "../model/comparison.ts";
import type { Thresholds } from "../model/criterion.ts";
import { InputError } from "../model/problem.ts";
import { RunResult } from "../model/run.ts";
import type { Verdict } from "../model/verdict.ts";
import { parseThresholds } from "../systems/thresholds-file.ts";
import { readJson, unlessUnreadable } from "./read-json.ts";
import { reportsOf, savedUnder } from "./reports-folder.ts";
import { shownPath } from "./write-files.ts";

export const COMPARISON_FILE = "comparison.json";

/** The newest passing runs of the same load on the same machine. */
export const LATEST_PASS = "latest-pass";
/** More runs say more of how runs differ, older ones less of the release being replaced. */
const MOST_RUNS = 5;

export interface BaselineOptions {
  readonly baseline?: string;
  /** A comparison between machines is better than none. */
  readonly acrossMachines?: boolean;
  /** The first run of a pipeline has nothing to be compared with. */
  readonly baselineOptional?: boolean;
}

export interface Baseline {
  readonly runs: readonly [RunResult, ...RunResult[]];
  readonly differences: readonly ConditionDifference[];
}

/**
 * The runs to be held to, newest first; null when there are none and that was said to be fine. Looked up before the load
 * starts: a baseline of another load, machine or verdict is refused with the difference named.
 */
export function findBaseline(conditions: Conditions, options: BaselineOptions): Baseline | null {
  const { baseline: given, acrossMachines = false, baselineOptional = false } = options;
  if (given === undefined) return null;
  const isNamed = given !== LATEST_PASS;
  const folder = isNamed ? given : reportsOf(conditions.system);
  const single = isNamed ? runFileAt(given) : null;
  const considered: (Considered & { readonly differences: readonly ConditionDifference[] })[] = [];
  const fit: typeof considered = [];
  for (const { run, file } of single === null
    ? newestFirst(folder)
    : [{ run: readRun(single), file: single }]) {
    const differences = differencesBetween(run, conditions);
    const refusing = differences.filter(({ kind }) => kind === "load" || !acrossMachines);
    const status = refusing.length > 0 ? null : judgeSaved(run, file).status;
    const one = { run, differences, refusing, status };
    considered.push(one);
    if (status === "pass" || (isNamed && status === "fail")) fit.push(one);
    if (fit.length === MOST_RUNS) break;
  }
  const [newest, ...others] = fit;
  if (newest !== undefined)
    return { runs: [newest.run, ...others.map(({ run }) => run)], differences: newest.differences };
  if (considered.length === 0 && baselineOptional) return null;
  throw noneFits(folder, considered, baselineOptional);
}

/** A file that is no run, such as one that a crash cut short, is passed over. */
function* newestFirst(folder: string): Iterable<{ run: RunResult; file: string }> {
  for (const file of savedUnder(folder, "run.json").reverse()) {
    const run = readSavedRun(file);
    if (run !== null) yield { run, file };
  }
}

interface Considered {
  readonly run: RunResult;
  readonly refusing: readonly ConditionDifference[];
  readonly status: Verdict["status"] | null;
}

function noneFits(folder: string, considered: readonly Considered[], wasOptional: boolean): InputError {
  const [last] = considered;
  if (last === undefined)
    return InputError.option(
      `there is no run to compare with under ${shownPath(folder)}`,
      "Run once without --baseline, or add --baseline-optional for a pipeline's first run",
    );
  const more = considered.length > 1 ? `, the newest of ${considered.length}` : "";
  if (last.refusing.length === 0)
    return InputError.option(
      `${last.run.id}${more} is no baseline: its verdict is ${last.status}`,
      "Compare with a run that passed",
    );
  const isMachine = last.refusing.every(({ kind }) => kind === "machine");
  return InputError.option(
    `${last.run.id}${more} is not like for like: ${last.refusing.map(describeDifference).join("; ")}`,
    isMachine
      ? "Compare runs of one machine (--against does, in one job), or add --across-machines"
      : `Give the run the same load as the baseline${wasOptional ? ", or leave --baseline out once" : ""}`,
  );
}

/** run.json itself or the folder that holds it; null when the path holds runs one folder down. */
function runFileAt(path: string): string | null {
  if (!existsSync(path))
    throw new InputError([
      { file: path, message: "no such file or folder", remedy: "Give run.json or the folder that holds it" },
    ]);
  if (!statSync(path).isDirectory()) return path;
  const file = join(path, "run.json");
  return existsSync(file) ? file : null;
}

/** The run.json that a path names. */
export const requireRunFile = (path: string): string => runFileAt(path) ?? join(path, "run.json");

export const readRun = (file: string): RunResult =>
  readJson(file, RunResult, "Give a run.json that `headroom gate` wrote");

/** A run among others; null where it, its thresholds or what it was compared with cannot be read any more. */
export const readSavedRun = (file: string): RunResult | null =>
  unlessUnreadable(() => {
    const run = readRun(file);
    thresholdsOf(run);
    savedComparison(file);
    return run;
  });

/** The thresholds a run was made with. */
export function thresholdsOf({ system, thresholds: { text, file } }: RunResult): Thresholds {
  if (text === "") return { system, client: [], server: [], regression: [] };
  return parseThresholds(text, file).thresholds;
}

/** A saved run's verdict by the thresholds it was made with, and by the baseline it was held to, if any. */
export function judgeSaved(run: RunResult, file: string): Verdict {
  return judge(run, thresholdsOf(run), file, savedComparison(file));
}

/** What a run was compared with when it was made; null: nothing. */
export function savedComparison(file: string): Comparison | null {
  const path = join(dirname(file), COMPARISON_FILE);
  return existsSync(path) ? readJson(path, Comparison, "Remove it, or compare again") : null;
}
