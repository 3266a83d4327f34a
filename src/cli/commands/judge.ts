import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { judge } from "../../gate/judge.ts";
import { InputError } from "../../model/problem.ts";
import { RunResult } from "../../model/run.ts";
import { chooseReporters } from "../../reporters/index.ts";
import { renderTerminal } from "../../reporters/terminal.ts";
import { type LoadedThresholds, loadThresholdsFile, parseThresholds } from "../../systems/thresholds-file.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { readJson } from "../read-json.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { writeWhole } from "../write-files.ts";

/** `headroom judge` and `headroom report`: a saved run judged and rendered again. Writes only where --out says. */
export async function judgeAgain(
  path: string,
  options: CommonOptions & { readonly thresholds?: string },
): Promise<void> {
  const terminal = openTerminal(options);
  const reporters = chooseReporters(options.format);
  const file = findRunFile(path);
  const run = readJson(file, RunResult, "Give a run.json that `headroom gate` wrote");
  const criteria =
    options.thresholds === undefined ? ownThresholds(run) : loadThresholdsFile(options.thresholds);
  const verdict = judge(run, criteria.thresholds, file);
  const folder = options.out ?? (options.format === undefined ? null : dirname(file));
  if (folder !== null) {
    for (const rendered of reporters.flatMap((reporter) => reporter.render({ run, verdict })))
      writeWhole(join(folder, rendered.name), rendered.text);
    terminal.note(`reports: ${folder}`);
  }
  terminal.print(options.json ? JSON.stringify(verdict) : renderTerminal({ run, verdict }, terminal));
  process.exitCode = exitCodeOf(verdict);
}

function ownThresholds(run: RunResult): LoadedThresholds {
  if (run.thresholds.text !== "") return parseThresholds(run.thresholds.text, run.thresholds.file);
  return { thresholds: { system: run.system, client: [], server: [] }, file: run.thresholds.file, text: "" };
}

function findRunFile(path: string): string {
  if (!existsSync(path))
    throw new InputError([
      { file: path, message: "no such file or folder", remedy: "Give run.json or the folder that holds it" },
    ]);
  return statSync(path).isDirectory() ? join(path, "run.json") : path;
}
