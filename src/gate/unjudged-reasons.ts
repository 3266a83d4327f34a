import { WRONG_ANSWERS } from "../../scenarios/lib/answers.ts";
import type { Criterion } from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import { counted, formatQuantity } from "../model/unit.ts";
import { isGateOf, judgesAnswersOf, judgesCheck, judgesFailuresOf, judgesStatusOf } from "./could-break.ts";
import { countFailed, type FailureCell, failureCells, sumOf } from "./endpoint-failures.ts";
import type { ValidityReason } from "./reason.ts";

/** Most requests of an endpoint, and most answers to a check, that may be wrong unjudged. */
const MOST_UNJUDGED = 0.01;

/** What went wrong and could have broken no gate criterion, whatever else is judged. */
export function unjudgedReasons(run: RunResult, applicable: readonly Criterion[]): ValidityReason[] {
  const cells = failureCells(run);
  return [...failureReasons(run, applicable, cells), ...checkReasons(run, applicable, cells)];
}

function failureReasons(
  run: RunResult,
  applicable: readonly Criterion[],
  cells: readonly FailureCell[],
): ValidityReason[] {
  const onFailures = applicable.filter(isGateOf("http_req_failed"));
  const onChecks = applicable.filter(isGateOf("checks"));
  const onAnswers = applicable.filter(isGateOf(WRONG_ANSWERS));
  const allFailed = sumOf(cells, "failed");
  const isJudged = (cell: FailureCell) =>
    onFailures.some((criterion) => judgesFailuresOf(run, criterion, cell)) ||
    onChecks.some((criterion) => judgesStatusOf(run, criterion, cell, allFailed)) ||
    onAnswers.some((criterion) => judgesAnswersOf(run, criterion, cell.endpoint, cell.requests));
  const unjudged = [...new Set(cells.map(({ endpoint }) => endpoint))]
    .map((endpoint) => {
      const own = cells.filter((cell) => cell.endpoint === endpoint);
      const missed = own.filter((cell) => cell.failed > 0 && !isJudged(cell));
      const phases = missed.flatMap(({ phase }) => (phase === null ? [] : [phase]));
      return {
        of: [
          ...(endpoint === null ? [] : [` of ${endpoint}`]),
          ...(phases.length > 0 && missed.length < own.length ? [` in ${phases.join(", ")}`] : []),
        ].join(""),
        endpoint,
        share: sumOf(missed, "failed") / Math.max(1, sumOf(own, "requests")),
      };
    })
    .filter(({ share }) => share > MOST_UNJUDGED)
    .sort((a, b) => b.share - a.share);
  const [worst, ...others] = unjudged;
  if (worst === undefined) return [];
  const more = others.length === 0 ? "" : ` (and of ${counted(others.length, "other endpoint")})`;
  return [
    {
      code: "failures-unjudged",
      message: `${formatQuantity(worst.share, "ratio")} of the requests${worst.of}${more} failed, and no gate criterion could have been broken by it`,
      remedy: `Add a gate criterion on http_req_failed${worst.endpoint === null ? "" : ` of ${worst.endpoint}`}: the latency of failed answers is no evidence`,
      excusesFailure: false,
    },
  ];
}

/** Answers that were taken for correct and were not: a maintenance page with status 200 is fast. */
function checkReasons(
  run: RunResult,
  applicable: readonly Criterion[],
  cells: readonly FailureCell[],
): ValidityReason[] {
  const onChecks = applicable.filter(isGateOf("checks"));
  const onAnswers = applicable.filter(isGateOf(WRONG_ANSWERS));
  const isJudged = (check: RunResult["checks"][number], endpoint: string | null) =>
    onChecks.some((criterion) => judgesCheck(run, criterion, check, endpoint)) ||
    onAnswers.some((criterion) => judgesAnswersOf(run, criterion, endpoint, check.passes + check.fails));
  const [worst] = run.checks
    .map((check) => {
      const endpoint = endpointOf(run, check.name);
      return { check, endpoint, share: wrongShare(run, check, endpoint, cells) };
    })
    .filter(({ share }) => share > MOST_UNJUDGED)
    .filter(({ check, endpoint }) => !isJudged(check, endpoint))
    .sort((a, b) => b.share - a.share);
  if (worst === undefined) return [];
  return [
    {
      code: "checks-unjudged",
      message: `${formatQuantity(worst.share, "ratio")} of the answers fail the check "${worst.check.name}" although they count as correct, and no gate criterion could have been broken by it`,
      remedy: "Look at what the target answers; add a gate criterion on checks to judge it",
      excusesFailure: false,
    },
  ];
}

/** A journey's checks bear their endpoint's name, those of its login too; a script's are its own. */
function endpointOf({ asked, metrics }: RunResult, check: string): string | null {
  if (asked.expected === undefined) return null;
  const names = metrics.flatMap(({ metric, tags }) =>
    metric === "http_req_failed" && tags.name !== undefined ? [tags.name] : [],
  );
  const fitting = names.filter((name) => check.startsWith(`${name}: `));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null;
}

/**
 * Of answers that count as correct the share that fails a check. An answer that failed fails its own checks with it, and
 * that is for the criteria on failures to judge.
 */
function wrongShare(
  run: RunResult,
  { passes, fails }: RunResult["checks"][number],
  endpoint: string | null,
  cells: readonly FailureCell[],
): number {
  const checked = passes + fails;
  if (checked === 0) return 0;
  const { failed, requests } =
    endpoint === null
      ? { failed: sumOf(cells, "failed"), requests: sumOf(cells, "requests") }
      : (countFailed(run.metrics, { name: endpoint }) ?? { failed: 0, requests: 0 });
  // Whose answers a script's check looks at is not known: one that never held hides behind no other's failures.
  const isUnknown = run.asked.expected === undefined && passes === 0;
  const excused = isUnknown ? (failed / Math.max(1, requests)) * checked : failed;
  return (fails - excused) / checked;
}
