import { dayAfter, evidenceOf, isSized, type Plan } from "../../model/plan.ts";
import { writeCsv } from "../csv.ts";

/** The sizing table. */
export function renderSizingCsv({ sizing }: Plan): string {
  const head = [
    "resource",
    "unit",
    "current",
    "current_name",
    "grows_to",
    "need_p50",
    "need_p90",
    "recommended",
    "recommended_name",
    "change",
    "capacity",
    "capacity_unit",
    "capacity_source",
    "runs_out_early",
    "runs_out_likely",
    "runs_out_late",
    "order_by",
    "bottleneck",
    "operators_rule",
    "refused",
    "evidence",
    "runs_out_chance",
    "need_if_incident_again",
  ];
  return writeCsv([
    head,
    ...sizing.map((line) =>
      isSized(line)
        ? [
            line.resource,
            line.unit,
            line.current,
            line.currentName,
            line.growsTo,
            line.need.p50,
            line.need.p90,
            line.recommended,
            line.recommendedName,
            line.change,
            line.capacity.value,
            line.capacity.unit,
            line.capacity.source,
            line.runsOut?.early ?? null,
            line.runsOut?.likely ?? null,
            line.runsOut?.late ?? null,
            line.orderBy,
            line.bottleneck,
            line.operatorsRule?.value ?? null,
            null,
            evidenceOf(line),
            line.runsOutChance,
            line.ifAgain?.need ?? null,
          ]
        : [line.resource, ...new Array(head.length - 5).fill(null), line.refused, null, null, null],
    ),
  ]);
}

/** Every demand by day: the busy hours that were seen, then the forecast. */
export function renderSeriesCsv({ series }: Plan): string {
  return writeCsv([
    ["signal", "unit", "day", "seen", "p10", "p50", "p90"],
    ...series.flatMap(({ signal, unit, firstDay, seen, p10, p50, p90 }) =>
      seen.flatMap((value, index) => {
        const row = [value, p10[index] ?? null, p50[index] ?? null, p90[index] ?? null];
        return row.every((cell) => cell === null) ? [] : [[signal, unit, dayAfter(firstDay, index), ...row]];
      }),
    ),
  ]);
}
