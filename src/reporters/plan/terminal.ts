import { type ForecastDemand, isForecast, type Plan, type SizingLine } from "../../model/plan.ts";
import { stripControls } from "../safe-text.ts";
import { type Paint, paints, table, wrap } from "../table.ts";
import {
  changeCell,
  currentCell,
  dateCell,
  groupedQuality,
  growthCell,
  needCell,
  operatorsCell,
  planSentence,
  quantityOf,
  rankedLines,
  recommendedCell,
  refusals,
} from "./words.ts";

/** From this width on names of classes and the operators' rule have room. */
const WIDE_COLUMNS = 110;

/** A plan for a person at a terminal; 80 columns suffice. */
export function renderPlanTerminal(
  plan: Plan,
  { color, columns }: { color: boolean; columns: number },
): string {
  const { red, green, yellow, bold, dim } = paints(color);
  const lines = rankedLines(plan);
  const asOf = plan.asOf.slice(0, 10);
  const runsOut = lines.some((line) => line.runsOut !== null);
  const sentence = wrap(planSentence(plan), columns - 2).join("\n");
  const out = [
    "",
    `${bold(plan.system)} · capacity plan · as of ${asOf}, ${plan.horizonDays} days ahead · from ${plan.source}`,
    "",
    bold((runsOut ? red : lines.length > 0 ? green : yellow)(sentence)),
    "",
    sizingTable(lines, columns >= WIDE_COLUMNS, dim),
    "",
    demandTable(plan.demands.filter(isForecast), columns >= WIDE_COLUMNS, dim),
    "",
    ...refusals(plan).flatMap((text) => bullet(text, yellow("?"), columns)),
    ...lines.flatMap(({ resource, warnings }) =>
      warnings.flatMap((warning) => bullet(`${resource}: ${warning}`, red("!"), columns)),
    ),
    ...lines
      .filter(({ resource }) => resource === plan.tightest)
      .flatMap(({ resource, why }) =>
        why.flatMap((reason, index) =>
          bullet(index === 0 ? `why ${resource}: ${reason}` : reason, dim("·"), columns),
        ),
      ),
    ...groupedQuality(plan).flatMap((text) => bullet(`data: ${text}`, dim("·"), columns).map(dim)),
  ];
  return `${stripControls(out.join("\n").trimEnd(), color)}\n`;
}

function bullet(text: string, mark: string, columns: number): string[] {
  return wrap(text, columns - 4).map((line, index) => (index === 0 ? `  ${mark} ${line}` : `    ${line}`));
}

function sizingTable(lines: readonly SizingLine[], isWide: boolean, dim: Paint): string {
  if (lines.length === 0) return "  no resource could be sized";
  const head = ["resource", "today", "need", "recommended", "", "early", "likely", "order by"];
  // A narrow terminal has no room for the century.
  const day = (date: string | null | undefined) => (isWide || !date ? dateCell(date) : date.slice(2));
  const rows = lines.map((line) => [
    line.resource,
    isWide ? currentCell(line) : line.current === null ? "–" : currentCell({ ...line, currentName: null }),
    needCell(line),
    isWide ? recommendedCell(line) : recommendedCell({ ...line, recommendedName: null }),
    changeCell(line),
    day(line.runsOut?.early),
    day(line.runsOut?.likely),
    day(line.orderBy),
    ...(isWide ? [operatorsCell(line.operatorsRule)] : []),
  ]);
  return table(
    [...head, ...(isWide ? ["their rule"] : [])].map((name) => dim(name)),
    rows,
    ["left", "right", "right", "left", "right", "left", "left", "left", "right"],
  );
}

function demandTable(demands: readonly ForecastDemand[], isWide: boolean, dim: Paint): string {
  if (demands.length === 0) return "  no demand could be forecast";
  const head = [
    "demand",
    "now",
    "p50 ahead",
    "p10–p90",
    "per 30 d",
    ...(isWide ? ["their rule", "method"] : []),
  ];
  const rows = demands.map((demand) => [
    demand.signal,
    quantityOf(demand.now, demand.unit),
    quantityOf(demand.atHorizon.p50, demand.unit),
    `${quantityOf(demand.atHorizon.p10, demand.unit)}–${quantityOf(demand.atHorizon.p90, demand.unit)}`,
    growthCell(demand),
    ...(isWide
      ? [
          demand.operatorsRule?.value == null ? "–" : quantityOf(demand.operatorsRule.value, demand.unit),
          demand.method,
        ]
      : []),
  ]);
  return table(
    head.map((name) => dim(name)),
    rows,
    ["left", "right", "right", "right", "right", "right", "left"],
  );
}
