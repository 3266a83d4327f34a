import { findRow } from "../model/metric-row.ts";
import { limitedShare } from "../model/rate-limit.ts";
import type { RunResult } from "../model/run.ts";
import { formatQuantity } from "../model/unit.ts";
import type { ValidityReason } from "./reason.ts";

/** Most of an endpoint's answers, and most of all, that may be expected errors or redirects. */
const MOST_EXPECTED_ERRORS = { ofEndpoint: 0.1, ofAll: 0.5 };

/** Answers that say nothing of the work the target does. */
export function answerReasons(run: RunResult): ValidityReason[] {
  const requests = findRow(run.metrics, "http_reqs", {})?.count ?? 0;
  return requests === 0
    ? []
    : [
        ...limiterReasons(run, requests),
        ...expectedErrorReasons(run, requests),
        ...declaredErrorReasons(run, requests),
      ];
}

function limiterReasons({ evidence }: RunResult, requests: number): ValidityReason[] {
  const share = limitedShare(evidence.rateLimited ?? 0, requests);
  if (share === null) return [];
  return [
    {
      code: "rate-limited",
      message: `${(share * 100).toFixed(1)}% of the answers came from a rate limiter: the run measured the limiter, not the service`,
      remedy: "Exempt the generator's address from the limit, test behind the limiter, or lower the rate",
      excusesFailure: true,
    },
  ];
}

/** A script of the user's own may declare any status correct; what failed then is no measure of what was wrong. */
function declaredErrorReasons(run: RunResult, requests: number): ValidityReason[] {
  if (run.asked.expected !== undefined) return [];
  const errors = run.statusCounts.reduce(
    (sum, { status, count }) => sum + (status !== null && status >= 400 ? count : 0),
    0,
  );
  const { samples = 0, ratio = 0 } = findRow(run.metrics, "http_req_failed", {}) ?? {};
  const share = (errors - ratio * samples) / requests;
  if (share <= MOST_EXPECTED_ERRORS.ofAll) return [];
  return [
    {
      code: "answers-without-information",
      message: `${formatQuantity(share, "ratio")} of the answers are errors (400 and above) that the script declares correct`,
      remedy: "Narrow the script's expectedStatuses to what a working target answers",
      excusesFailure: false,
    },
  ];
}

/**
 * `expect: [200, 404]` makes a 404 count as correct: quick, and no evidence of the work. An endpoint of which only errors
 * are expected (a wrong password's 401) is a test of its own, unless there is little else in the run.
 */
function expectedErrorReasons({ asked, evidence, metrics }: RunResult, requests: number): ValidityReason[] {
  const shares = (evidence.withoutInformation ?? [])
    .map(({ endpoint, count }) => {
      const answers = findRow(metrics, "http_req_failed", { name: endpoint })?.samples ?? 0;
      return { endpoint, count, share: answers === 0 ? 0 : count / answers };
    })
    .sort((a, b) => b.share - a.share);
  const all = shares.reduce((sum, { count }) => sum + count, 0) / requests;
  const meant = (asked.expected ?? []).filter(({ expectsOnlyErrors }) => expectsOnlyErrors);
  const mixed = shares.find(
    ({ endpoint, share }) =>
      share > MOST_EXPECTED_ERRORS.ofEndpoint && !meant.some((expected) => expected.endpoint === endpoint),
  );
  const worst = mixed ?? (all > MOST_EXPECTED_ERRORS.ofAll ? shares[0] : undefined);
  if (worst === undefined) return [];
  return [
    {
      code: "answers-without-information",
      message: `${formatQuantity(worst.share, "ratio")} of the answers of ${worst.endpoint} are errors or redirects that the journey expects (such as 404): they are quick and show nothing of its work`,
      remedy: `Let ${worst.endpoint} ask for what exists, from an earlier answer or from data, and expect only its success`,
      excusesFailure: false,
    },
  ];
}
