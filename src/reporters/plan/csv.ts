import { dayAfter, isSized, type Plan } from "../../model/plan.ts";
import type { SizingLine } from "../../model/sizing-line.ts";
import { evidenceOf } from "../../model/urgency.ts";
import { writeCsv } from "../csv.ts";

type Cell = string | number | null;

/** The sizing table's columns. A resource that could not be sized has its name and the reason alone. */
const COLUMNS: readonly (readonly [name: string, of: (line: SizingLine) => Cell])[] = [
  ["resource", (line) => line.resource],
  ["unit", (line) => line.unit],
  ["current", (line) => line.current],
  ["current_name", (line) => line.currentName],
  ["grows_to", (line) => line.growsTo],
  ["need_p50", (line) => line.need.p50],
  ["need_p90", (line) => line.need.p90],
  ["recommended", (line) => line.recommended],
  ["recommended_name", (line) => line.recommendedName],
  ["change", (line) => line.change],
  ["capacity", (line) => line.capacity.value],
  ["capacity_unit", (line) => line.capacity.unit],
  ["capacity_source", (line) => line.capacity.source],
  ["runs_out_early", (line) => line.runsOut?.early ?? null],
  ["runs_out_likely", (line) => line.runsOut?.likely ?? null],
  ["runs_out_late", (line) => line.runsOut?.late ?? null],
  ["order_by", (line) => line.orderBy],
  ["bottleneck", (line) => line.bottleneck],
  ["operators_rule", (line) => line.operatorsRule?.value ?? null],
  ["evidence", (line) => evidenceOf(line)],
  ["runs_out_chance", (line) => line.runsOutChance],
  ["need_if_incident_again", (line) => line.ifAgain?.need ?? null],
];
const REFUSED_AFTER = "operators_rule";

/** The sizing table. */
export function renderSizingCsv({ sizing }: Plan): string {
  const at = COLUMNS.findIndex(([name]) => name === REFUSED_AFTER) + 1;
  const row = (cells: readonly Cell[], refused: Cell) => [...cells.slice(0, at), refused, ...cells.slice(at)];
  return writeCsv([
    row(
      COLUMNS.map(([name]) => name),
      "refused",
    ),
    ...sizing.map((line) =>
      isSized(line)
        ? row(
            COLUMNS.map(([, of]) => of(line)),
            null,
          )
        : row(
            COLUMNS.map(([name]) => (name === "resource" ? line.resource : null)),
            line.refused,
          ),
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
