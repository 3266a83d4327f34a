import type { ComparedLine, Comparison, Difference, Outcome } from "../model/comparison.ts";
import {
  type ComparedMetric,
  EACH_ENDPOINT,
  formatStatistic,
  type RegressionCriterion,
} from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import { average, type Effect, effectOf } from "./effect.ts";
import { type Measure, measure, type Place } from "./measure.ts";

/** An interval wider than this many floors on either side could have hidden too much to say anything. */
const MOST_FLOORS = 5;
const UNITS = { http_req_duration: "ms", http_req_failed: "ratio", http_reqs: "per-second" } as const;

type Runs = readonly [RunResult, ...RunResult[]];

/** Two sets of runs under the same load, statistic by statistic. Pure and the same for the same runs. */
export function compareRuns(
  baseline: Runs,
  candidate: Runs,
  criteria: readonly RegressionCriterion[],
  differences: readonly Difference[] = [],
): Comparison {
  const places = criteria
    .filter(({ shapes }) => shapes === null || shapes.includes(candidate[0].asked.scenario))
    .flatMap((criterion) => placesOf(criterion, baseline[0], candidate[0]));
  const lines = places.map(({ criterion, place }) =>
    compareAt(criterion, place, baseline, candidate, places.length),
  );
  const [{ system, asked }] = candidate;
  return {
    schema: "headroom/comparison@1",
    system,
    scenario: asked.scenario,
    baseline: sideOf(baseline),
    candidate: sideOf(candidate),
    differences: differences.map(({ what, baseline, candidate }) => ({ what, baseline, candidate })),
    outcome: outcomeOf(lines),
    lines,
  };
}

const sideOf = (runs: Runs): Comparison["baseline"] => ({
  runs: runs.map(({ id }) => id),
  startedAt: runs[0].startedAt,
  target: runs[0].asked.target,
});

/** The worst of the gate's lines, improvements last; a line that cannot be told spoils "no change". */
function outcomeOf(lines: readonly ComparedLine[]): Outcome {
  const gates = lines.filter(({ severity }) => severity === "gate").map(({ outcome }) => outcome);
  const order = ["regressed", "inconclusive", "improved"] as const;
  if (gates.length === 0) return "inconclusive";
  return order.find((outcome) => gates.includes(outcome)) ?? "no-change-shown";
}

interface CriterionAt {
  readonly criterion: RegressionCriterion;
  readonly place: Place;
}

/** Where a criterion looks: endpoints that either side asked, so that one that vanished is missed. */
function placesOf(criterion: RegressionCriterion, baseline: RunResult, candidate: RunResult): CriterionAt[] {
  const { load } = candidate.asked;
  const steady = load?.stages.some(({ phase }) => phase === "steady") ? "steady" : null;
  const phase = criterion.phase ?? steady;
  // A rate that the load fixes says nothing of the target.
  if (criterion.metric === "http_reqs" && load?.model === "open") return [];
  const endpoints =
    criterion.endpoint === EACH_ENDPOINT
      ? [null, ...new Set([...endpointsOf(baseline, phase), ...endpointsOf(candidate, phase)])]
      : [criterion.endpoint];
  return endpoints.map((endpoint) => ({
    criterion,
    place: { metric: criterion.metric, endpoint, phase, stat: criterion.stat },
  }));
}

function endpointsOf(run: RunResult, phase: string | null): string[] {
  const wanted = phase === null ? "name" : "name,phase";
  return run.metrics.flatMap(({ metric, tags, samples }) =>
    metric === "http_req_duration" &&
    samples > 0 &&
    Object.keys(tags).sort().join() === wanted &&
    (phase === null || tags.phase === phase)
      ? [tags.name as string]
      : [],
  );
}

function compareAt(
  criterion: RegressionCriterion,
  place: Place,
  baseline: Runs,
  candidate: Runs,
  together: number,
): ComparedLine {
  const [before, now] = [baseline, candidate].map((runs) => runs.map((run) => measure(run, place)));
  const samplesOf = (found: typeof before) => (found ?? []).reduce((sum, { samples }) => sum + samples, 0);
  const line = {
    id: criterion.endpoint === EACH_ENDPOINT ? `${criterion.id}:${place.endpoint ?? "all"}` : criterion.id,
    metric: criterion.metric,
    endpoint: place.endpoint,
    phase: place.phase,
    stat: formatStatistic(criterion.stat),
    unit: UNITS[criterion.metric],
    samples: { baseline: samplesOf(before), candidate: samplesOf(now) },
    severity: criterion.severity,
    why: criterion.why,
  };
  const missing = [
    ...(before ?? []).map((found) => ({ found, side: "baseline" })),
    ...(now ?? []).map((found) => ({ found, side: "candidate" })),
  ].find(({ found }) => "missing" in found);
  // An endpoint that is rarely called cannot block the gate when it cannot be told; a change that is shown can.
  const untold = {
    severity: criterion.endpoint === EACH_ENDPOINT && place.endpoint !== null ? "warn" : criterion.severity,
    outcome: "inconclusive",
  } as const;
  if (missing !== undefined && "missing" in missing.found)
    return {
      ...line,
      ...untold,
      baseline: null,
      candidate: null,
      change: null,
      interval: null,
      floor: criterion.worse,
      note: `${missing.side}: ${missing.found.missing}`,
    };
  const sides = { before: before as Measure[], now: now as Measure[] };
  const shown = shownOn(criterion.metric);
  const level = shown.level(average(sides.before.map(({ value }) => value)));
  const floor =
    criterion.metric === "http_req_duration"
      ? Math.max(criterion.worse, criterion.byMs / level)
      : criterion.worse;
  const effect = effectOf(sides.before, sides.now, together);
  const concluded = conclude(effect, floor, shown.change, criterion.metric === "http_reqs" ? -1 : 1);
  return {
    ...line,
    ...(concluded.outcome === "inconclusive" ? untold : {}),
    ...concluded,
    baseline: level,
    candidate: shown.level(average(sides.now.map(({ value }) => value))),
    change: shown.change(effect.difference),
    interval: { low: shown.change(effect.interval.low), high: shown.change(effect.interval.high) },
    floor,
  };
}

/** From the scale of comparison to what people read. */
function shownOn(metric: ComparedMetric) {
  return metric === "http_req_failed"
    ? { level: (value: number) => value, change: (value: number) => value }
    : { level: Math.exp, change: Math.expm1 };
}

/**
 * A change is shown when the interval leaves out "none" and the estimate is at least the floor.
 *
 * @param worseIs 1 where more is worse, −1 where less is
 */
function conclude(
  { difference, interval }: Effect,
  floor: number,
  change: (value: number) => number,
  worseIs: 1 | -1,
): Pick<ComparedLine, "outcome" | "note"> {
  const isShown = interval.low > 0 || interval.high < 0;
  const size = Math.abs(change(difference));
  if (isShown && size >= floor)
    return { outcome: difference * worseIs > 0 ? "regressed" : "improved", note: null };
  const couldShow = change((interval.high - interval.low) / 2);
  const percent = (value: number) => `${Number((value * 100).toPrecision(2))}%`;
  if (couldShow > MOST_FLOORS * floor)
    return {
      outcome: "inconclusive",
      note: `only a change beyond ${percent(couldShow)} could have been told from chance: lengthen the runs, or compare with several`,
    };
  return {
    outcome: "no-change-shown",
    note: isShown ? `a change, but smaller than the ${percent(floor)} that count` : null,
  };
}
