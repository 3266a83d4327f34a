import { lackedStatistic } from "../model/bound-flaw.ts";
import { type ClientCriterion, formatStatistic, type Statistic } from "../model/criterion.ts";
import { KEPT_QUANTILES, QUANTILE_GRID } from "../model/metric-row.ts";
import { parseQuantity, unitOfMetric } from "../model/unit.ts";
import { toBound, toStatistic } from "./bound-entry.ts";
import { isValidDuration } from "./duration.ts";
import type { Report } from "./report.ts";
import type { ThresholdsWire as Wire } from "./thresholds-schema.ts";

/** A criterion on what the load generator sees. */
export function toClient(entry: Wire["client"][number], at: PropertyKey[], report: Report): ClientCriterion {
  const unit = unitOfMetric(entry.metric, entry.stat);
  const bound = toBound(entry, unit, at, report);
  const stat = toStatistic(entry.stat, ["last"], at, report);
  reportLacks(entry.metric, stat, at, report);
  if (entry.abort && !isValidDuration(entry.abort.after)) {
    report([...at, "abort", "after"], `"${entry.abort.after}" is not a duration`, "Write it like 30s or 2m");
  }
  if (entry.abort && entry.severity === "warn") {
    report(
      [...at, "abort"],
      "a warn criterion cannot stop the run",
      "Make it `severity: gate` or remove `abort`",
    );
  }
  return {
    kind: "client",
    id: entry.id,
    metric: entry.metric,
    tags: { ...entry.tags, ...(entry.endpoint === undefined ? {} : { name: entry.endpoint }) },
    phase: (entry.phase ?? null) as ClientCriterion["phase"],
    stat,
    bound,
    severity: entry.severity,
    abortAfterMs:
      entry.abort && isValidDuration(entry.abort.after)
        ? (parseQuantity(entry.abort.after, "ms") ?? 0)
        : null,
    shapes: entry.shapes ?? null,
    why: entry.why,
  };
}

/** What no run could ever answer: a statistic that the metric does not have, a percentile that is not kept. */
function reportLacks(metric: string, stat: Statistic, at: PropertyKey[], report: Report): void {
  const has = lackedStatistic(metric, stat);
  if (has !== null)
    report([...at, "stat"], `${metric} has no ${formatStatistic(stat)}`, `Use ${has.join(", ")}`);
  if (stat.kind === "quantile" && !QUANTILE_GRID.includes(stat.q))
    report([...at, "stat"], `${formatStatistic(stat)} is not kept`, `Kept are ${KEPT_QUANTILES}`);
}
