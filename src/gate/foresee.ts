import type { ExpectedCalls } from "../model/asked.ts";
import { type ClientCriterion, formatStatistic, toleratedShare } from "../model/criterion.ts";
import { formatNumber, unitOfMetric } from "../model/unit.ts";
import { samplesNeeded, samplesNeededForShare } from "../stats/quantile-interval.ts";

/** A criterion that a load is too short for: at most so many samples of those that it takes. */
export interface TooFew {
  readonly id: string;
  readonly planned: number;
  readonly needed: number;
}

/** Gate criteria that a load, delivered whole, cannot decide unless they are broken; a closed load's requests are not known. */
export function foreseeTooFew(
  criteria: readonly ClientCriterion[],
  expected: readonly ExpectedCalls[],
): TooFew[] {
  return criteria.flatMap((criterion) => {
    const needed = samplesFor(criterion);
    const planned = plannedFor(criterion, expected);
    return criterion.severity === "gate" && needed !== null && planned !== null && planned < needed
      ? [{ id: criterion.id, planned, needed }]
      : [];
  });
}

/** In words, for who starts the load. */
export const describeTooFew = ({ id, planned, needed }: TooFew): string =>
  `the load is too short to show that ${id} holds: about ${formatNumber(Math.round(planned))} of the ${formatNumber(needed)} samples it takes`;

function samplesFor({ metric, stat, bound }: ClientCriterion): number | null {
  if (stat.kind === "quantile") return samplesNeeded(stat.q);
  if (stat.kind !== "rate" || unitOfMetric(metric, formatStatistic(stat)) !== "ratio") return null;
  return samplesNeededForShare(toleratedShare(bound));
}

/** Requests in reach of a criterion on requests or on one check of them; null: not known. */
function plannedFor(
  { metric, tags, phase }: ClientCriterion,
  expected: readonly ExpectedCalls[],
): number | null {
  const { name, check, ...others } = tags;
  // How many checks a request makes is the journey's; of one check it is one.
  const isCounted = metric.startsWith("http_req_") ? check === undefined : metric === "checks" && check;
  if (!isCounted || Object.keys(others).length > 0) return null;
  const endpoints = expected.filter(
    ({ endpoint }) =>
      (name === undefined || endpoint === name) && (check === undefined || check.startsWith(`${endpoint}: `)),
  );
  const counts = endpoints.map(({ requests, phases }) =>
    phase === null
      ? (requests?.mean ?? null)
      : (phases.find((each) => each.phase === phase)?.requests.mean ?? null),
  );
  return counts.some((count) => count === null)
    ? null
    : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
