import { dirname, join } from "node:path";
import { compareRuns } from "../../comparison/compare-runs.ts";
import { USUAL_CRITERIA } from "../../comparison/usual-criteria.ts";
import { judge } from "../../gate/judge.ts";
import { InputError } from "../../model/problem.ts";
import { chooseReporters } from "../../reporters/index.ts";
import { renderTerminal } from "../../reporters/terminal.ts";
import { loadThresholdsFile } from "../../systems/thresholds-file.ts";
import {
  type BaselineOptions,
  findBaseline,
  readRun,
  requireRunFile,
  savedComparison,
  thresholdsOf,
} from "../baselines.ts";
import type { DistributedOptions } from "../distributed-run.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { keepComparison } from "../report-gate.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { writeWhole } from "../write-files.ts";

/**
 * `headroom judge`: a saved run judged and rendered again. Writes only where --out or --format says; a run of several
 * generators is read from its store and kept as `gate` keeps it.
 */
export async function judgeAgain(
  path: string | undefined,
  options: CommonOptions &
    BaselineOptions &
    DistributedOptions & {
      readonly thresholds?: string;
      readonly strict?: boolean;
    },
): Promise<void> {
  if (options.fromPrometheus !== undefined && path === undefined)
    return await (await import("./gate.ts")).gate(undefined, {
      ...options,
      scenario: "average",
      engine: "auto",
    });
  if (path === undefined || options.fromPrometheus !== undefined)
    throw InputError.option(
      path === undefined ? "no run named" : `both ${path} and --from-prometheus name a run`,
      "Give a run.json or its folder, or --from-prometheus URL with --run-id",
    );
  const terminal = openTerminal(options);
  const reporters = chooseReporters(options.format);
  const file = requireRunFile(path);
  const saved = readRun(file);
  const run = options.strict === true ? { ...saved, asked: { ...saved.asked, strict: true } } : saved;
  const thresholds =
    options.thresholds === undefined ? thresholdsOf(run) : loadThresholdsFile(options.thresholds).thresholds;
  const baseline = findBaseline(run, options);
  const criteria = thresholds.regression.length > 0 ? thresholds.regression : USUAL_CRITERIA;
  const comparison =
    baseline === null
      ? savedComparison(file)
      : compareRuns(baseline.runs, [run], criteria, baseline.differences);
  const verdict = judge(run, thresholds, file, comparison);
  const folder = options.out ?? (options.format === undefined ? null : dirname(file));
  if (folder !== null) {
    keepComparison(comparison, folder);
    for (const rendered of reporters.flatMap((reporter) => reporter.render({ run, verdict, comparison })))
      writeWhole(join(folder, rendered.name), rendered.text);
    terminal.note(`reports: ${folder}`);
  }
  if (options.json) terminal.printJson(verdict);
  else terminal.print(renderTerminal({ run, verdict }, terminal));
  process.exitCode = exitCodeOf(verdict);
}
