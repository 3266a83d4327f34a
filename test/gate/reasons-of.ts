import { findValidityReasons } from "../../src/gate/validity.ts";
import type { RunResult } from "../../src/model/run.ts";
import type { JudgedCriterion } from "../../src/model/verdict.ts";
import { client, ERRORS } from "../canonical.ts";

export const CRITERIA = [client(), ERRORS];
export const judged = (overrides: Partial<JudgedCriterion> = {}) =>
  ({
    id: "p95",
    kind: "client",
    severity: "gate",
    status: "pass",
    note: null,
    ...overrides,
  }) as JudgedCriterion;
export const reasonsOf = (
  run: RunResult,
  lines = [judged()],
  criteria: Parameters<typeof findValidityReasons>[1] = CRITERIA,
) => findValidityReasons(run, criteria, lines, run.asked.strict === true);
export const codesOf = (run: RunResult) => reasonsOf(run).map(({ code }) => code);

/** Words of a reason as a report shows them: what is wrong, then what to do. */
export const inWords = ({ message, remedy }: { message: string; remedy: string }) => `${message}. ${remedy}.`;
