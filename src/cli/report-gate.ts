import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison } from "../model/comparison.ts";
import { messageOf } from "../model/problem.ts";
import type { Verdict } from "../model/verdict.ts";
import type { chooseReporters } from "../reporters/index.ts";
import { markdown } from "../reporters/markdown.ts";
import type { GateReport } from "../reporters/report.ts";
import { stripControls } from "../reporters/safe-text.ts";
import { renderTerminal } from "../reporters/terminal.ts";
import { annotationsOf } from "./annotations.ts";
import { COMPARISON_FILE } from "./baselines.ts";
import type { GateSubject } from "./gate-subject.ts";
import type { Terminal } from "./terminal.ts";
import { shownPath, writeWhole } from "./write-files.ts";

interface Out {
  readonly folder: string;
  readonly reporters: ReturnType<typeof chooseReporters>;
  readonly terminal: Terminal;
  readonly json: boolean;
}

/** Writes a judged run's reports and says the verdict, to the CI system too where there is one. */
export function reportGate(report: GateReport, { criteria }: GateSubject, out: Out): Verdict {
  const { folder, reporters, terminal, json } = out;
  keepComparison(report.comparison ?? null, folder);
  for (const file of reporters.flatMap((reporter) => reporter.render(report)))
    writeWhole(join(folder, file.name), file.text);
  appendJobSummary(report, terminal);
  if (process.env.GITHUB_ACTIONS === "true")
    for (const line of annotationsOf(report.verdict, criteria))
      process.stderr.write(`${stripControls(line)}\n`);
  if (json) terminal.printJson(report.verdict);
  else terminal.print(renderTerminal(report, terminal));
  terminal.note(`reports: ${shownPath(folder)}`);
  return report.verdict;
}

/** Beside run.json whatever the formats: a run that regressed must not be the next one's baseline. */
export function keepComparison(comparison: Comparison | null, folder: string): void {
  if (comparison !== null)
    writeWhole(join(folder, COMPARISON_FILE), `${JSON.stringify(comparison, null, 2)}\n`);
}

/** GitHub and compatible runners name a file whose Markdown becomes the job's summary page. */
function appendJobSummary(report: GateReport, terminal: Terminal): void {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    appendFileSync(file, markdown.render(report)[0]?.text ?? "");
  } catch (thrown) {
    terminal.note(`the job summary could not be written: ${messageOf(thrown)}`);
  }
}
