import { readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "../../model/problem.ts";
import type { RunResult } from "../../model/run.ts";
import { type RunLine, renderRunsTerminal, runLine } from "../../reporters/runs.ts";
import { judgeSaved, readSavedRun } from "../baselines.ts";
import { reportsOf, savedUnder } from "../reports-folder.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { shownPath } from "../write-files.ts";

export interface RunsOptions extends CommonOptions {
  readonly scenario?: string;
  readonly last: number;
}

/** `headroom runs`: past runs of a system, oldest first, with verdict, key figures and trend. */
export function runs(system: string, options: RunsOptions): void {
  const terminal = openTerminal(options);
  const folder = reportsOf(system);
  const found = savedRuns(folder).filter(
    ({ run }) => options.scenario === undefined || run.asked.scenario === options.scenario,
  );
  const lines = found
    .slice(-options.last)
    .map(({ run, file }): RunLine => runLine(run, judgeSaved(run, file).status, dirname(file)));
  if (lines.length === 0)
    throw InputError.option(
      `there are no runs${options.scenario === undefined ? "" : ` of ${options.scenario}`} under ${shownPath(folder)}`,
      "Make one with `headroom gate`, or name the folder that holds reports in HEADROOM_REPORTS",
    );
  if (options.json) terminal.printJson({ schema: "headroom/runs@1", system, runs: lines });
  else terminal.print(renderRunsTerminal(system, lines, found.length, terminal));
}

interface SavedRun {
  readonly run: RunResult;
  readonly file: string;
}

function savedRuns(folder: string): SavedRun[] {
  return savedUnder(folder, "run.json")
    .flatMap((file) => {
      const run = readSavedRun(file);
      return run === null ? [] : [{ run, file }];
    })
    .sort((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1));
}

export interface PruneOptions extends CommonOptions {
  readonly keep: number;
  readonly olderThan?: number;
  readonly yes?: boolean;
}

/**
 * `headroom prune`: removes old runs. What other commands rest on stays: the newest runs, and the newest that passed
 * each load. Capacities and plans are not touched. Without --yes it only says what it would remove.
 */
export function prune(system: string, options: PruneOptions): void {
  const terminal = openTerminal(options);
  const folder = reportsOf(system);
  const newestFirst = savedRuns(folder).reverse();
  const baselines = newestPasses(newestFirst);
  const limitMs = options.olderThan === undefined ? null : Date.now() - options.olderThan;
  const removed = newestFirst
    .slice(options.keep)
    .filter(({ file }) => !baselines.has(file))
    .filter(({ run }) => limitMs === null || Date.parse(run.startedAt) < limitMs)
    .map(({ file }) => dirname(file));
  const bytes = removed.reduce((sum, path) => sum + sizeOf(path), 0);
  if (options.yes) for (const path of removed) rmSync(path, { recursive: true });
  const result = {
    schema: "headroom/prune@1",
    system,
    removed: removed.map(shownPath),
    kept: newestFirst.length - removed.length,
    bytes,
    done: options.yes === true,
  };
  if (options.json) {
    terminal.printJson(result);
    return;
  }
  for (const path of result.removed) terminal.print(path);
  const did = options.yes ? "removed" : "would be removed (add --yes)";
  terminal.print(
    `${removed.length} of ${newestFirst.length} runs, ${(bytes / 1e6).toFixed(1)} MB, ${did}; kept are the newest ${options.keep} and the newest pass of each load`,
  );
}

/** The newest passing run of each load: what --baseline latest-pass would want. */
function newestPasses(newestFirst: readonly SavedRun[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const kept = new Set<string>();
  for (const { run, file } of newestFirst) {
    const key = JSON.stringify([run.asked.scenario, run.asked.load]);
    if (seen.has(key) || judgeSaved(run, file).status !== "pass") continue;
    seen.add(key);
    kept.add(file);
  }
  return kept;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
