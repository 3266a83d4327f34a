import type { Comparison, Outcome, PlanComparison } from "../../model/comparison.ts";
import { stripControls } from "../safe-text.ts";
import { paints, table, wrap } from "../table.ts";
import {
  changeCell,
  changeIntervalCell,
  comparisonSentence,
  DEMAND_HEAD,
  OUTCOMES,
  placeCell,
  planRows,
  RESOURCE_HEAD,
  sideText,
  valueCell,
} from "./words.ts";

interface Style {
  readonly color: boolean;
  readonly columns: number;
}

/** Two runs for a person at a terminal. */
export function renderComparisonTerminal(comparison: Comparison, { color, columns }: Style): string {
  const { red, green, yellow, bold, dim } = paints(color);
  const paint = { regressed: red, improved: green, "no-change-shown": green, inconclusive: yellow };
  const marks: Record<Outcome, string> = {
    regressed: red("✗"),
    improved: green("+"),
    "no-change-shown": green("="),
    inconclusive: yellow("?"),
  };
  const { outcome, lines } = comparison;
  const text = [
    "",
    `${bold(comparison.system)} · ${comparison.scenario}`,
    dim(`baseline   ${sideText(comparison.baseline)}`),
    dim(`candidate  ${sideText(comparison.candidate)}`),
    "",
    `${bold(paint[outcome](OUTCOMES[outcome]))}  ${comparisonSentence(comparison)}`,
    "",
    table(
      ["", "where", "baseline", "candidate", "change", "95% interval"].map((head) => dim(head)),
      lines.map((line) => [
        marks[line.outcome],
        line.severity === "warn" ? `${placeCell(line)} ${dim("(warn)")}` : placeCell(line),
        valueCell(line.baseline, line.unit),
        valueCell(line.candidate, line.unit),
        changeCell(line),
        changeIntervalCell(line),
      ]),
      ["left", "left", "right", "right", "right", "right"],
    ),
    ...lines
      .filter(({ note }) => note !== null)
      .flatMap((line) => wrap(`${placeCell(line)}: ${line.note}`, columns - 2).map((row) => `  ${dim(row)}`)),
    ...comparison.differences.flatMap(({ what, baseline, candidate }) =>
      wrap(`not like for like: the ${what} was ${baseline} then and is ${candidate} now`, columns).map(
        yellow,
      ),
    ),
  ];
  return `${stripControls(text.join("\n").trimEnd(), color)}\n`;
}

/** Two plans, and how the older one's forecast did. */
export function renderPlanComparisonTerminal(comparison: PlanComparison, { color }: Style): string {
  const { bold, dim } = paints(color);
  const { demands, resources } = planRows(comparison);
  const day = (moment: string) => moment.slice(0, 10);
  const text = [
    "",
    `${bold(comparison.system)} · plan of ${day(comparison.older.asOf)} against plan of ${day(comparison.newer.asOf)}`,
    "",
    table(
      DEMAND_HEAD.map((head) => dim(head)),
      demands,
      ["left", "right", "right", "right", "right", "right", "right"],
    ),
    `  ${dim("how the older forecast did on the days since: mean error and bias of its median, share inside p10–p90")}`,
    "",
    table(
      RESOURCE_HEAD.map((head) => dim(head)),
      resources,
      ["left", "left", "right", "right", "right"],
    ),
  ];
  return `${stripControls(text.join("\n").trimEnd(), color)}\n`;
}
