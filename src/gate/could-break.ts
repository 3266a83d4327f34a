import type { ClientCriterion, Criterion } from "../model/criterion.ts";
import { findRow } from "../model/metric-row.ts";
import type { RunResult } from "../model/run.ts";
import { tagsOf } from "../model/selector.ts";
import { countFailed, type FailureCell, sumOf } from "./endpoint-failures.ts";

export const isGateOf =
  (metric: string) =>
  (criterion: Criterion): criterion is ClientCriterion =>
    criterion.kind === "client" && criterion.severity === "gate" && criterion.metric === metric;

/**
 * Whether a criterion on failures would have been broken if all of an endpoint's requests had failed and no others: one
 * on every request at most 10% of which may fail does not see an endpoint that makes a twentieth of them.
 */
export function judgesFailuresOf(run: RunResult, criterion: ClientCriterion, cell: FailureCell): boolean {
  if (!looksAt(criterion, cell.endpoint) || !isOfPhase(criterion, cell)) return false;
  return cell.endpoint === null || isBrokenBy(run, criterion, requestsOf(run, cell, criterion));
}

/** The same of a criterion on checks: a failed request fails its endpoint's checks, that of its status first. */
export function judgesStatusOf(
  run: RunResult,
  criterion: ClientCriterion,
  cell: FailureCell,
  allFailed: number,
): boolean {
  const { endpoint } = cell;
  if (!isOfPhase(criterion, cell)) return false;
  // Which checks a script of the user's own makes of an answer is not known; each failure may have failed one.
  if (run.asked.expected === undefined)
    return (
      looksAt(criterion, endpoint) && samplesOf(run, criterion) > 0 && sumOf(run.checks, "fails") >= allFailed
    );
  if (!looksAt(criterion, endpoint, (check) => check.startsWith(`${endpoint}: status is `))) return false;
  const failing = criterion.tags.check === undefined ? checksPerRequest(run, endpoint) : 1;
  return isBrokenBy(run, criterion, failing * requestsOf(run, cell, criterion));
}

/** Whether a criterion on checks would have been broken if one check had never held, and all others always. */
export function judgesCheck(
  run: RunResult,
  criterion: ClientCriterion,
  { name, passes, fails }: RunResult["checks"][number],
  endpoint: string | null,
): boolean {
  return (
    looksAt(criterion, endpoint, (check) => check === name) && isBrokenBy(run, criterion, passes + fails)
  );
}

/** Whether a criterion on wrong answers would have been broken if so many of an endpoint's answers had been wrong. */
export function judgesAnswersOf(
  run: RunResult,
  criterion: ClientCriterion,
  endpoint: string | null,
  wrong: number,
): boolean {
  return criterion.phase === null && looksAt(criterion, endpoint) && isBrokenBy(run, criterion, wrong);
}

/** Whether the samples that a criterion looks at may be an endpoint's: which other tags they carry is not known. */
function looksAt(
  { tags }: ClientCriterion,
  endpoint: string | null,
  isMeant: (check: string) => boolean = () => false,
): boolean {
  const { name, check, ...others } = tags;
  return (
    Object.keys(others).length === 0 &&
    (name === undefined || name === endpoint) &&
    (check === undefined || isMeant(check))
  );
}

const isOfPhase = ({ phase }: ClientCriterion, cell: FailureCell) => phase === null || phase === cell.phase;

const samplesOf = ({ metrics }: RunResult, criterion: ClientCriterion): number =>
  findRow(metrics, criterion.metric, tagsOf(criterion))?.samples ?? 0;

function isBrokenBy(run: RunResult, criterion: ClientCriterion, wrong: number): boolean {
  const samples = samplesOf(run, criterion);
  return samples > 0 && breaksBound(criterion, Math.min(1, wrong / samples));
}

/** Whether a share of wrong ones breaks the bound: of failures above it, of checks that hold below. */
function breaksBound({ bound }: ClientCriterion, wrongShare: number): boolean {
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

const checksPerRequest = ({ checks }: RunResult, endpoint: string | null): number =>
  Math.max(1, checks.filter(({ name }) => name.startsWith(`${endpoint}: `)).length);

/** The endpoint's requests of the time that a criterion looks at. */
function requestsOf(run: RunResult, cell: FailureCell, { phase }: ClientCriterion): number {
  if (phase !== null || cell.endpoint === null) return cell.requests;
  return countFailed(run.metrics, { name: cell.endpoint })?.requests ?? cell.requests;
}
