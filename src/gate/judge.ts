import { phaseMs } from "../../scenarios/lib/load.ts";
import type { Comparison } from "../model/comparison.ts";
import {
  appliesTo,
  type ClientCriterion,
  type Criterion,
  formatStatistic,
  holds,
  lacksPhase,
  type ServerCriterion,
  type Statistic,
  type Thresholds,
  whereOf,
} from "../model/criterion.ts";
import type { Interval } from "../model/interval.ts";
import { findRow, type MetricRow, type RunResult } from "../model/run.ts";
import { tagsOf } from "../model/selector.ts";
import { statisticOf } from "../model/statistic-of.ts";
import { formatQuantity, type Unit, unitOfMetric } from "../model/unit.ts";
import type { JudgedCriterion, Verdict } from "../model/verdict.ts";
import { proportionInterval, quantileInterval, samplesNeeded } from "../stats/quantile-interval.ts";
import { generatorNotices } from "./distributed-reasons.ts";
import { engineDisagreements } from "./engine-disagreements.ts";
import { judgeRegression, regressionNotices } from "./judge-regression.ts";
import { scriptCriteria } from "./script-criteria.ts";
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
    ...judgeRegression(comparison),
  ];
  const reasons = findValidityReasons(run, applicable, criteria);
  return {
    schema: "headroom/verdict@1",
    system: run.system,
    scenario: run.asked.scenario,
    engine: run.engine,
    status: decide(criteria, reasons),
    interrupted: run.evidence.interrupted,
    reasons: reasons.map(({ code, message, remedy }) => ({ code, message, remedy })),
    notices: [
      ...selected.notices,
      ...script.notices,
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

interface Observation {
  readonly observed: number | null;
  readonly samples: number;
  readonly interval: Interval | null;
  readonly note: string | null;
}

function judgeCriterion(run: RunResult, criterion: Criterion): JudgedCriterion {
  const stat = formatStatistic(criterion.stat);
  const unit = criterion.kind === "client" ? unitOfMetric(criterion.metric, stat) : (criterion.unit as Unit);
  const observation =
    criterion.kind === "client" ? observeClient(run, criterion) : observeServer(run, criterion);
  const { observed, interval } = observation;
  const met = observed !== null && holds(criterion.bound, observed);
  const straddles =
    interval !== null && holds(criterion.bound, interval.low) !== holds(criterion.bound, interval.high);
  const close = straddles
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

const nothing = (samples: number, note: string): Observation => ({
  observed: null,
  samples,
  interval: null,
  note,
});

function observeClient(run: RunResult, criterion: ClientCriterion): Observation {
  const row = findRow(run.metrics, criterion.metric, tagsOf(criterion));
  if (row === null) return nothing(0, `the run did not record ${criterion.metric} for ${whereOf(criterion)}`);
  if (row.samples === 0 && !isCountOfTrouble(row)) return nothing(0, "no samples");
  if (criterion.stat.kind === "rate" && row.type === "counter")
    return observeCounterRate(run, criterion, row);
  return observeRow(run, criterion, row);
}

/** Of dropped iterations and of a script's own counters none at all is an observation; of requests it is none. */
const isCountOfTrouble = ({ metric, type, count }: MetricRow) =>
  type === "counter" && count !== undefined && !["http_reqs", "iterations"].includes(metric);

function observeRow(run: RunResult, { stat, bound }: ClientCriterion, row: MetricRow): Observation {
  const name = formatStatistic(stat);
  const observed = statisticOf(row, stat, run.quantileGrid);
  if (observed === null) {
    const kept = "kept are whole percents from 50, quarters from 90, tenths from 99, p99.95 and p99.99";
    return nothing(
      row.samples,
      row.quantiles && stat.kind === "quantile"
        ? `the run kept no ${name}; ${kept}`
        : `${row.metric} is a ${row.type} and has no ${name}`,
    );
  }
  const range = boundsOf(run, stat, row);
  if (range !== null && range[0] < bound.value && bound.value < range[1])
    return nothing(
      row.samples,
      `the store keeps durations in buckets: ${name} lies between ${formatQuantity(range[0], "ms")} and ${formatQuantity(range[1], "ms")}, and the limit too`,
    );
  if (stat.kind === "rate")
    return {
      observed,
      samples: row.samples,
      interval: proportionInterval(observed, row.samples),
      note: null,
    };
  if (stat.kind !== "quantile") return { observed, samples: row.samples, interval: null, note: null };
  const needed = samplesNeeded(stat.q);
  if (row.samples < needed)
    return nothing(
      row.samples,
      `${row.samples} samples are too few for ${name}: at least ${needed} are needed`,
    );
  return {
    observed,
    samples: row.samples,
    interval: quantileInterval(stat.q, run.quantileGrid, row.quantiles ?? [], row.samples),
    note: null,
  };
}

/** Between which values a statistic lies for sure, where it was read from a histogram. */
function boundsOf(run: RunResult, stat: Statistic, row: MetricRow): [number, number] | null {
  const q = stat.kind === "quantile" ? stat.q : stat.kind === "min" ? 0 : stat.kind === "max" ? 1 : null;
  return q === null ? null : (row.quantileBounds?.[run.quantileGrid.indexOf(q)] ?? null);
}

/** Per second of the phase, not of the run. A load that never offered the rate cannot show that it is held. */
function observeCounterRate(run: RunResult, criterion: ClientCriterion, row: MetricRow): Observation {
  const load = run.asked.load;
  const count = row.count ?? row.samples;
  const planMs =
    load && criterion.phase
      ? phaseMs(load, criterion.phase, run.evidence.durationMs)
      : run.evidence.durationMs;
  const observed = planMs > 0 ? count / (planMs / 1000) : null;
  if (observed === null) return nothing(row.samples, "the run has no length");
  const isFloor = criterion.bound.operator === ">=" || criterion.bound.operator === ">";
  if (isFloor && load?.model === "open" && load.peak < criterion.bound.value) {
    return nothing(
      row.samples,
      `the load offered at most ${formatQuantity(load.peak, "per-second")}: it cannot show this rate`,
    );
  }
  return { observed, samples: row.samples, interval: null, note: null };
}

/** The worst series decides. */
function observeServer(run: RunResult, criterion: ServerCriterion): Observation {
  const seen = run.server?.find(
    (observation) => observation.id === criterion.id && observation.query === criterion.query,
  );
  if (!seen) return nothing(0, "the run did not ask Prometheus this query");
  if (seen.error !== null) return nothing(0, seen.error);
  if (seen.values.length === 0) return nothing(0, "the query returned nothing over the run");
  const values = seen.values.map(({ value }) => value);
  const isFloor = criterion.bound.operator === ">=" || criterion.bound.operator === ">";
  const observed = isFloor ? Math.min(...values) : Math.max(...values);
  const [warning] = seen.warnings;
  // What a part of the series breaks is broken; what a part of them keeps, the rest may not.
  if (warning !== undefined && (isFloor || holds(criterion.bound, observed)))
    return nothing(seen.samples, `the store did not see everything: ${warning}`);
  return { observed, samples: seen.samples, interval: null, note: warning ?? null };
}
