import { holds, isFloor, type ServerCriterion } from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import { formatQuantity } from "../model/unit.ts";
import { nothing, type Observation } from "./observation.ts";

/** The worst series decides. */
export function observeServer(run: RunResult, criterion: ServerCriterion): Observation {
  const seen = run.server?.find(
    (observation) => observation.id === criterion.id && observation.query === criterion.query,
  );
  if (!seen) return nothing(0, "the run did not ask Prometheus this query");
  if (seen.error !== null) return nothing(0, seen.error);
  if (seen.values.length === 0)
    return nothing(0, seen.warnings[0] ?? "the query returned nothing over the run");
  const values = seen.values.map(({ value }) => value);
  const fromBelow = isFloor(criterion.bound);
  const observed = fromBelow ? Math.min(...values) : Math.max(...values);
  const impossible = criterion.unit === "ratio" && (observed < 0 || (fromBelow && observed > 1));
  if (impossible)
    return nothing(
      seen.samples,
      `the query answered ${formatQuantity(observed, "ratio")}, which is no ratio`,
    );
  const [warning] = seen.warnings;
  // What a part of the series breaks is broken; what a part of them keeps, the rest may not.
  if (warning !== undefined && (fromBelow || holds(criterion.bound, observed)))
    return nothing(seen.samples, `the store did not see everything: ${warning}`);
  return { observed, samples: seen.samples, interval: null, note: warning ?? null };
}
