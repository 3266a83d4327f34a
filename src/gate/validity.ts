import type { Criterion } from "../model/criterion.ts";
import { findRow, type RunResult } from "../model/run.ts";
import { counted } from "../model/unit.ts";
import type { JudgedCriterion, Reason } from "../model/verdict.ts";
import { distributedReasons } from "./distributed-reasons.ts";
import { generatorReasons } from "./generator-reasons.ts";

/** A reason that also says whether it could have broken a criterion the target itself would have met. */
export interface ValidityReason extends Reason {
  readonly excusesFailure: boolean;
}

/** Least share of the offered load that must have been delivered. */
const LEAST_ACHIEVED = 0.99;
/** Most answers that may come from a rate limiter. */
const MOST_RATE_LIMITED = 0.01;
/** Most requests that may fail unjudged. */
const MOST_UNJUDGED_FAILURES = 0.01;

/** Everything that keeps this run from proving something; empty when it is valid. */
export function findValidityReasons(
  run: RunResult,
  applicable: readonly Criterion[],
  judged: readonly JudgedCriterion[],
): ValidityReason[] {
  const { generators } = run.evidence;
  return [
    ...(generators === undefined ? engineReasons(run) : distributedReasons(run.evidence, generators)),
    ...deliveryReasons(run),
    ...generatorReasons(run),
    ...answerReasons(run, applicable),
    ...evidenceReasons(judged),
  ];
}

function engineReasons({ evidence, engine }: RunResult): ValidityReason[] {
  const { exit } = evidence;
  if (evidence.interrupted) {
    return [
      {
        code: "interrupted",
        message: "the run was interrupted",
        remedy: "Let it run to its end; the partial results are kept",
        excusesFailure: true,
      },
    ];
  }
  if (!evidence.summaryComplete) {
    return [
      {
        code: "summary-missing",
        message: `${engine.name} ended without its summary (${exit.meaning})`,
        remedy:
          exit.signal === "SIGKILL"
            ? "Look for the out-of-memory killer in the system log; lower the load or the length"
            : `See the log: ${evidence.log[0] ?? "it is empty"}`,
        excusesFailure: true,
      },
    ];
  }
  if (exit.markedFailed) {
    return [
      {
        code: "script-marked-failed",
        message: "the script marked the test as failed",
        remedy: `See the log: ${evidence.log[0] ?? "it is empty"}`,
        excusesFailure: false,
      },
    ];
  }
  if (!exit.complete) {
    return [
      {
        code: "engine-exit",
        message: `${engine.name} ended unexpectedly: ${exit.meaning}`,
        remedy: `See the log: ${evidence.log[0] ?? "it is empty"}`,
        excusesFailure: true,
      },
    ];
  }
  if (evidence.scriptSummaryError === null) return [];
  return [
    {
      code: "summary-failed",
      message: `the script's own handleSummary failed: ${evidence.scriptSummaryError}`,
      remedy: "Mend it, or the path it writes to; Headroom's own summary of the run is complete",
      excusesFailure: false,
    },
  ];
}

function deliveryReasons({ evidence }: RunResult): ValidityReason[] {
  if (evidence.interrupted || !evidence.summaryComplete) return [];
  const reasons: ValidityReason[] = [];
  const {
    plannedIterations: planned,
    iterations,
    droppedIterations: dropped,
    maxUsers,
    usersSeen,
  } = evidence;
  const exhausted = (dropped ?? 0) > 0 && maxUsers !== null && usersSeen !== null && usersSeen >= maxUsers;
  if (exhausted) {
    reasons.push({
      code: "users-exhausted",
      message: `all ${maxUsers} virtual users were waiting, and ${counted(dropped ?? 0, "iteration")} never sent: the slowest answers are missing from the percentiles`,
      remedy: "The target is slower than the load allows for: raise maxUsers in the load, or lower the rate",
      excusesFailure: false,
    });
  } else if ((dropped ?? 0) > 0) {
    reasons.push({
      code: "iterations-dropped",
      message: `no virtual user was free in time for ${counted(dropped ?? 0, "iteration")}`,
      remedy: "Raise preallocated users (maxUsers in the load) or lower the rate",
      excusesFailure: false,
    });
  }
  // Iterations still waiting when the run ends are cut by k6 and are neither done nor dropped: one per user at most.
  const missing = planned !== null && iterations !== null ? planned - iterations : 0;
  const achieved = planned !== null && iterations !== null ? iterations / planned : 1;
  if (missing > 1 && achieved < LEAST_ACHIEVED) {
    reasons.push({
      code: "load-not-delivered",
      message: `${iterations} of ${planned} planned iterations were made (${(achieved * 100).toFixed(1)}%)`,
      remedy:
        "The load never reached the target as asked: look at dropped iterations, users and the generator's CPU",
      excusesFailure: false,
    });
  }
  if (iterations === 0) {
    reasons.push({
      code: "no-iterations",
      message: "not one iteration was completed",
      remedy: "Check the target and the script",
      excusesFailure: false,
    });
  }
  return reasons;
}

function answerReasons(run: RunResult, applicable: readonly Criterion[]): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  const requests = findRow(run.metrics, "http_reqs", {})?.count ?? 0;
  const limited = run.evidence.rateLimited ?? 0;
  if (requests > 0 && limited / requests > MOST_RATE_LIMITED) {
    reasons.push({
      code: "rate-limited",
      message: `${((limited / requests) * 100).toFixed(1)}% of the answers came from a rate limiter: the run measured the limiter, not the service`,
      remedy: "Exempt the generator's address from the limit, test behind the limiter, or lower the rate",
      excusesFailure: true,
    });
  }
  const failed = findRow(run.metrics, "http_req_failed", {});
  const judgesFailures = applicable.some(
    (criterion) =>
      criterion.kind === "client" &&
      criterion.severity === "gate" &&
      ["http_req_failed", "checks"].includes(criterion.metric),
  );
  if (!judgesFailures && (failed?.ratio ?? 0) > MOST_UNJUDGED_FAILURES) {
    reasons.push({
      code: "failures-unjudged",
      message: `${((failed?.ratio ?? 0) * 100).toFixed(1)}% of the requests failed and no gate criterion looks at failures`,
      remedy: "Add a criterion on http_req_failed: a latency of failed answers is no evidence",
      excusesFailure: false,
    });
  }
  return [...reasons, ...checkReasons(run, applicable)];
}

/** Answers that were taken for correct and were not: a maintenance page with status 200 is fast. */
function checkReasons(run: RunResult, applicable: readonly Criterion[]): ValidityReason[] {
  const judgesChecks = applicable.some(
    (criterion) =>
      criterion.kind === "client" && criterion.severity === "gate" && criterion.metric === "checks",
  );
  if (judgesChecks) return [];
  const { samples = 0, ratio = 0 } = findRow(run.metrics, "http_req_failed", {}) ?? {};
  // A check of an answer that failed fails with it; that is for the criteria on failures to judge.
  const wrong = run.checks
    .map(({ name, passes, fails }) => ({ name, share: (fails - ratio * samples) / (passes + fails) }))
    .filter(({ share }) => share > MOST_UNJUDGED_FAILURES)
    .sort((a, b) => b.share - a.share);
  const [worst] = wrong;
  if (worst === undefined) return [];
  return [
    {
      code: "checks-unjudged",
      message: `${(worst.share * 100).toFixed(1)}% of the answers fail the check "${worst.name}" although they count as correct, and no gate criterion looks at checks`,
      remedy: "Look at what the target answers; add a criterion on checks to judge it",
      excusesFailure: false,
    },
  ];
}

function evidenceReasons(judged: readonly JudgedCriterion[]): ValidityReason[] {
  const gates = judged.filter((criterion) => criterion.severity === "gate");
  if (gates.length === 0) {
    return [
      {
        code: "nothing-judged",
        message: "no gate criterion applies to this run",
        remedy: "Add one to the thresholds file, or choose another scenario",
        excusesFailure: false,
      },
    ];
  }
  return gates
    .filter((criterion) => criterion.status === "no-data")
    .map((criterion) => ({
      code: "no-data",
      message: `${criterion.id} has no data: ${criterion.note ?? "no samples"}`,
      remedy:
        criterion.kind === "server"
          ? "Check the query against Prometheus and that it scrapes the target"
          : criterion.kind === "regression"
            ? "Lengthen the run or compare with several runs of the baseline"
            : "Lengthen the run, raise the rate, or correct the endpoint, tags or phase of the criterion",
      excusesFailure: false,
    }));
}
