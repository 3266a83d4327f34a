import type { Comparison } from "../model/comparison.ts";
import {
  appliesTo,
  type Criterion,
  formatStatistic,
  holds,
  lacksPhase,
  straddles,
  type Thresholds,
  whereOf,
} from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import { formatQuantity, type Unit, unitOfMetric } from "../model/unit.ts";
import type { JudgedCriterion, Verdict } from "../model/verdict.ts";
import { observeClient } from "./client-observation.ts";
import { coverageNotices } from "./coverage-reasons.ts";
import { dilutionNotices } from "./dilution-notices.ts";
import { generatorNotices } from "./distributed-reasons.ts";
import { engineDisagreements } from "./engine-disagreements.ts";
import { isDecided } from "./is-decided.ts";
import { judgeRegression, regressionNotices } from "./judge-regression.ts";
import { scriptCriteria } from "./script-criteria.ts";
import { observeServer } from "./server-observation.ts";
import { findValidityReasons } from "./validity.ts";

/**
 * Judges a run: first whether it proves anything, then each criterion, from run.json alone. Pure: the same run
 * and criteria always give the same verdict.
 *
 * @param runPath where run.json is, for the verdict to name
 * @param comparison with a baseline, when there is one to be held to
 */
export function judge(
  run: RunResult,
  thresholds: Thresholds,
  runPath: string,
  comparison: Comparison | null = null,
): Verdict {
  const selected = selectCriteria(run, thresholds);
  const script = scriptCriteria(run);
  const applicable = [...selected.applicable, ...script.criteria];
  const criteria = [
    ...applicable.map((criterion) => judgeCriterion(run, criterion)),
    ...script.judged,
    ...judgeRegression(comparison),
  ];
  const isStrict = run.asked.strict === true;
  const reasons = findValidityReasons(run, applicable, criteria, isStrict);
  return {
    schema: "headroom/verdict@1",
    system: run.system,
    scenario: run.asked.scenario,
    engine: run.engine,
    status: decide(isStrict ? criteria.filter(isDecided) : criteria, reasons),
    interrupted: run.evidence.interrupted,
    reasons: reasons.map(({ code, message, remedy }) => ({ code, message, remedy })),
    notices: [
      ...selected.notices,
      ...script.notices,
      ...coverageNotices(run),
      ...dilutionNotices(run, criteria),
      ...engineDisagreements(run, criteria),
      ...regressionNotices(comparison),
      ...generatorNotices(run),
    ],
    criteria,
    run: runPath,
  };
}

/**
 * A broken gate criterion fails the run unless what makes the run invalid could itself have broken it: a
 * saturated generator inflates latency, a rate limiter's refusals are not the service's errors, a run cut short may
 * have been mostly warm-up; but dropped iterations can only have hidden something worse.
 */
function decide(
  criteria: readonly JudgedCriterion[],
  reasons: readonly { excusesFailure: boolean }[],
): Verdict["status"] {
  const broken = criteria.some((criterion) => criterion.status === "fail");
  if (broken && !reasons.some((reason) => reason.excusesFailure)) return "fail";
  return reasons.length > 0 ? "inconclusive" : "pass";
}

/** The criteria that speak of this run; what is left out is said, and never silently. */
function selectCriteria(
  run: RunResult,
  thresholds: Thresholds,
): { applicable: Criterion[]; notices: string[] } {
  const { scenario, load } = run.asked;
  const applies = (criterion: Criterion) => appliesTo(criterion, scenario, load);
  const client = thresholds.client.filter(applies);
  const server = thresholds.server.filter(applies);
  const notices = thresholds.client
    .filter((criterion) => load !== null && lacksPhase(criterion, load))
    .map(({ id, phase }) => `${id} is left out: the ${scenario} load has no ${phase} phase`);
  if (run.server !== null || server.length === 0) return { applicable: [...client, ...server], notices };
  const names = server.map(({ id }) => id).join(", ");
  const notice = `the server-side criteria (${names}) were not looked at: name a Prometheus with --prometheus`;
  return { applicable: client, notices: [...notices, notice] };
}

function judgeCriterion(run: RunResult, criterion: Criterion): JudgedCriterion {
  const stat = formatStatistic(criterion.stat);
  const unit = criterion.kind === "client" ? unitOfMetric(criterion.metric, stat) : (criterion.unit as Unit);
  const observation =
    criterion.kind === "client" ? observeClient(run, criterion) : observeServer(run, criterion);
  const { observed, interval } = observation;
  const met = observed !== null && holds(criterion.bound, observed);
  const close =
    interval !== null && straddles(criterion.bound, interval)
      ? `the interval ${formatQuantity(interval.low, unit)} to ${formatQuantity(interval.high, unit)} holds the limit: repeat or lengthen the run to be sure`
      : null;
  return {
    id: criterion.id,
    kind: criterion.kind,
    metric: criterion.kind === "client" ? criterion.metric : criterion.query,
    where: whereOf(criterion),
    stat,
    unit,
    operator: criterion.bound.operator,
    limit: criterion.bound.value,
    severity: criterion.severity,
    observed,
    samples: observation.samples,
    status: observed === null ? "no-data" : met ? "pass" : criterion.severity === "gate" ? "fail" : "warn",
    interval,
    note: observation.note ?? close,
    why: criterion.why,
  };
}
