import type { ClientCriterion, Criterion } from "../model/criterion.ts";
import { findRow, type RunResult } from "../model/run.ts";
import { tagsOf } from "../model/selector.ts";
import { countFailed, type FailureCell, sumOf } from "./endpoint-failures.ts";

export const isGateOf =
  (metric: string) =>
  (criterion: Criterion): criterion is ClientCriterion =>
    criterion.kind === "client" && criterion.severity === "gate" && criterion.metric === metric;

/** Whether a share beyond which everything is wrong breaks the bound: of failures above it, of checks that hold below. */
export function breaksBound({ bound }: ClientCriterion, wrongShare: number): boolean {
  switch (bound.operator) {
    case "<=":
      return wrongShare > bound.value;
    case "<":
      return wrongShare >= bound.value;
    case ">=":
      return 1 - wrongShare < bound.value;
    case ">":
      return 1 - wrongShare <= bound.value;
  }
}

/**
 * Whether a criterion on failures would have been broken if all of an endpoint's requests had failed and no others: one
 * on every request at most 10% of which may fail does not see an endpoint that makes a twentieth of them.
 */
export function judgesFailuresOf(run: RunResult, criterion: ClientCriterion, cell: FailureCell): boolean {
  const { name, ...others } = criterion.tags;
  if (Object.keys(others).length > 0 || (name !== undefined && name !== cell.endpoint)) return false;
  if (criterion.phase !== null && criterion.phase !== cell.phase) return false;
  if (cell.endpoint === null) return true;
  const scope = countFailed(run.metrics, tagsOf(criterion));
  if (scope === null) return false;
  return breaksBound(criterion, requestsOf(run, cell, criterion) / scope.requests);
}

/** A failed request fails the check of its status, which every step of a journey has. */
export function judgesStatusOf(
  run: RunResult,
  criterion: ClientCriterion,
  cell: FailureCell,
  allFailed: number,
): boolean {
  const row = findRow(run.metrics, "checks", tagsOf(criterion));
  if (row === null || row.samples === 0) return false;
  if (criterion.phase !== null && criterion.phase !== cell.phase) return false;
  const { name, check, ...others } = criterion.tags;
  if (Object.keys(others).length > 0 || (name !== undefined && name !== cell.endpoint)) return false;
  // Which checks a script of the user's own makes of an answer is not known; each failure may have failed one.
  if (run.asked.expected === undefined) return check === undefined && sumOf(run.checks, "fails") >= allFailed;
  if (check !== undefined && !check.startsWith(`${cell.endpoint}: status is `)) return false;
  const failing = check === undefined ? checksPerRequest(run, cell.endpoint) : 1;
  return breaksBound(criterion, Math.min(1, (failing * requestsOf(run, cell, criterion)) / row.samples));
}

/** A failed answer fails every check of its endpoint, that of its status first. */
function checksPerRequest(run: RunResult, endpoint: string | null): number {
  return Math.max(1, run.checks.filter(({ name }) => name.startsWith(`${endpoint}: `)).length);
}

/** The endpoint's requests of the time that a criterion looks at. */
function requestsOf(run: RunResult, cell: FailureCell, { phase }: ClientCriterion): number {
  if (phase !== null || cell.endpoint === null) return cell.requests;
  return countFailed(run.metrics, { name: cell.endpoint })?.requests ?? cell.requests;
}

/** Whether a criterion on checks would have been broken if one check had never held, and all others always. */
export function judgesCheck(
  run: RunResult,
  criterion: ClientCriterion,
  { name, passes, fails }: RunResult["checks"][number],
  endpoint: string | null,
): boolean {
  const { check, name: ofEndpoint, ...others } = criterion.tags;
  if (Object.keys(others).length > 0) return false;
  if (check !== undefined && check !== name) return false;
  if (ofEndpoint !== undefined && ofEndpoint !== endpoint) return false;
  const row = findRow(run.metrics, "checks", tagsOf(criterion));
  if (row === null || row.samples === 0) return false;
  return breaksBound(criterion, Math.min(1, (passes + fails) / row.samples));
}

/** Whether a criterion on wrong answers would have been broken if so many of an endpoint's answers had been wrong. */
export function judgesAnswersOf(
  run: RunResult,
  criterion: ClientCriterion,
  endpoint: string | null,
  wrong: number,
): boolean {
  const { name, ...others } = criterion.tags;
  if (Object.keys(others).length > 0 || criterion.phase !== null) return false;
  if (name !== undefined && name !== endpoint) return false;
  const row = findRow(run.metrics, "wrong_answers", tagsOf(criterion));
  if (row === null || row.samples === 0) return false;
  return breaksBound(criterion, Math.min(1, wrong / row.samples));
}
