import { phaseMs } from "../../scenarios/lib/load.ts";
import { findBoundFlaw } from "../model/bound-flaw.ts";
import {
  type Bound,
  type ClientCriterion,
  formatStatistic,
  holds,
  isFloor,
  type Statistic,
  toleratedShare,
  whereOf,
} from "../model/criterion.ts";
import { findRow, KEPT_QUANTILES, type MetricRow } from "../model/metric-row.ts";
import type { RunResult } from "../model/run.ts";
import { tagsOf } from "../model/selector.ts";
import { statisticOf } from "../model/statistic-of.ts";
import { formatQuantity } from "../model/unit.ts";
import { proportionInterval } from "../stats/proportion-interval.ts";
import { quantileInterval, samplesNeeded, samplesNeededForShare } from "../stats/quantile-interval.ts";
import { nothing, type Observation } from "./observation.ts";

/** What the load generator saw. */
export function observeClient(run: RunResult, criterion: ClientCriterion): Observation {
  const ofKind = countOfKind(run, criterion);
  if (ofKind !== null) return ofKind;
  const row = findRow(run.metrics, criterion.metric, tagsOf(criterion));
  if (row === null) return nothing(0, `the run did not record ${criterion.metric} for ${whereOf(criterion)}`);
  if (row.samples === 0 && !isCountOfTrouble(row)) return nothing(0, "no samples");
  if (criterion.stat.kind === "rate" && row.type === "counter")
    return observeCounterRate(run, criterion, row);
  return observeRow(run, criterion, row);
}

/** Requests of one status: none of them is an observation where there were requests at all. */
function countOfKind(run: RunResult, { metric, tags, phase, stat }: ClientCriterion): Observation | null {
  const { status, ...others } = tags;
  const samples = findRow(run.metrics, "http_reqs", {})?.count ?? 0;
  if (metric !== "http_reqs" || stat.kind !== "count" || phase !== null || samples === 0) return null;
  if (status === undefined || Object.keys(others).length > 0) return null;
  const observed = run.statusCounts.find((counted) => String(counted.status) === status)?.count ?? 0;
  return { observed, samples, interval: null, note: null };
}

/** Of dropped iterations and of a script's own counters none at all is an observation; of requests it is none. */
const isCountOfTrouble = ({ metric, type, count }: MetricRow) =>
  type === "counter" && count !== undefined && !["http_reqs", "iterations"].includes(metric);

function observeRow(run: RunResult, { stat, bound }: ClientCriterion, row: MetricRow): Observation {
  const name = formatStatistic(stat);
  const observed = statisticOf(row, stat, run.quantileGrid);
  if (observed === null) {
    return nothing(
      row.samples,
      row.quantiles && stat.kind === "quantile"
        ? `the run kept no ${name}; kept are ${KEPT_QUANTILES}`
        : `${row.metric} is a ${row.type} and has no ${name}`,
    );
  }
  const range = boundsOf(run, stat, row);
  if (range !== null && range[0] < bound.value && bound.value < range[1])
    return nothing(
      row.samples,
      `the store keeps durations in buckets: ${name} lies between ${formatQuantity(range[0], "ms")} and ${formatQuantity(range[1], "ms")}, and the limit too`,
    );
  if (stat.kind === "rate") return observeShare(observed, bound, row.samples);
  if (stat.kind !== "quantile" && row.type !== "trend")
    return { observed, samples: row.samples, interval: null, note: null };
  // A mean or an extreme has no rank; fewer than a median takes say nothing of it either.
  const needed = samplesNeeded(stat.kind === "quantile" ? stat.q : 0.5);
  if (row.samples < needed)
    return nothing(
      row.samples,
      `${row.samples} samples are too few for ${name}: at least ${needed} are needed`,
    );
  return {
    observed,
    samples: row.samples,
    interval:
      stat.kind === "quantile"
        ? quantileInterval(stat.q, run.quantileGrid, row.quantiles ?? [], row.samples)
        : null,
    note: null,
  };
}

/**
 * A share of so few that even none wrong would leave room for more than the limit shows nothing, unless it is beyond the
 * limit for sure.
 */
function observeShare(observed: number, bound: Bound, samples: number): Observation {
  if (findBoundFlaw(bound, "ratio") !== null)
    return nothing(samples, "the limit decides nothing: it holds, or breaks, whatever the share is");
  const interval = proportionInterval(observed * samples, samples);
  const limit = toleratedShare(bound);
  const needed = samplesNeededForShare(limit);
  const isBroken = interval !== null && !holds(bound, interval.low) && !holds(bound, interval.high);
  if (samples < needed && !isBroken)
    return nothing(
      samples,
      `${samples} samples are too few to show ${isFloor(bound) ? "all but" : "at most"} ${formatQuantity(limit, "ratio")}: at least ${needed} are needed`,
    );
  return { observed, samples, interval, note: null };
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
  if (isFloor(criterion.bound) && load?.model === "open" && load.peak < criterion.bound.value) {
    return nothing(
      row.samples,
      `the load offered at most ${formatQuantity(load.peak, "per-second")}: it cannot show this rate`,
    );
  }
  return { observed, samples: row.samples, interval: null, note: null };
}
