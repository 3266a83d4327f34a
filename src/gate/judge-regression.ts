import type { ComparedLine, Comparison } from "../model/comparison.ts";
import { formatQuantity } from "../model/unit.ts";
import type { JudgedCriterion } from "../model/verdict.ts";

/** A comparison's lines as criteria: observed is the change, the limit is what counts, for the worse. */
export function judgeRegression(comparison: Comparison | null): JudgedCriterion[] {
  return (comparison?.lines ?? []).map((line) => {
    const isFloor = line.metric === "http_reqs";
    return {
      id: line.id,
      kind: "regression",
      metric: line.metric,
      where: [line.endpoint ?? "all", ...(line.phase === null ? [] : [line.phase])].join(" · "),
      stat: line.stat,
      unit: "ratio",
      operator: isFloor ? ">" : "<",
      limit: isFloor ? -line.floor : line.floor,
      severity: line.severity,
      observed: line.change,
      samples: line.samples.candidate,
      status: STATUS[line.outcome](line),
      interval: line.interval,
      note: noteOf(line),
      why: line.why,
    };
  });
}

const STATUS: Record<ComparedLine["outcome"], (line: ComparedLine) => JudgedCriterion["status"]> = {
  regressed: ({ severity }) => (severity === "gate" ? "fail" : "warn"),
  improved: () => "pass",
  "no-change-shown": () => "pass",
  inconclusive: () => "no-data",
};

function noteOf({ baseline, candidate, unit, outcome, note }: ComparedLine): string {
  const values =
    baseline === null || candidate === null
      ? []
      : [`${formatQuantity(baseline, unit)} → ${formatQuantity(candidate, unit)}`];
  return [outcome.replaceAll("-", " "), ...values, ...(note === null ? [] : [note])].join(", ");
}

/** What a reader must know of the baseline. */
export function regressionNotices(comparison: Comparison | null): string[] {
  if (comparison === null) return [];
  const { runs } = comparison.baseline;
  const compared = `compared with ${runs.length === 1 ? `run ${runs[0]}` : `${runs.length} runs, the newest ${runs[0]}`}`;
  const differences = comparison.differences.map(
    ({ what, baseline, candidate }) =>
      `not like for like: the ${what} was ${baseline} then and is ${candidate} now`,
  );
  return [compared, ...differences];
}
