import type { Comparison } from "../model/comparison.ts";
import type { RunResult } from "../model/run.ts";
import type { Verdict } from "../model/verdict.ts";

/** What a reporter renders. */
export interface GateReport {
  readonly run: RunResult;
  readonly verdict: Verdict;
  /** With a baseline, where one was given. */
  readonly comparison?: Comparison | null;
}

export interface RenderedFile {
  readonly name: string;
  readonly text: string;
}

/** Turns a result into files; the registry's keys are what --format takes. */
export interface Reporter {
  readonly describes: string;
  render(report: GateReport): readonly RenderedFile[];
}
