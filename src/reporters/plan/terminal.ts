import type { ForecastDemand } from "../../model/forecast-demand.ts";
import { isForecast, isSized, type Plan } from "../../model/plan.ts";
import type { SizingLine } from "../../model/sizing-line.ts";
import { formatNumber } from "../../model/unit.ts";
import { isShort } from "../../model/urgency.ts";
import { stripControls } from "../safe-text.ts";
import { type Align, type Paint, paints, table, wrap } from "../table.ts";
import { heldCell, lastForecastCell, lastTimeSentence } from "./trust.ts";
import {
  argumentSentences,
  assumptionSentence,
  cautionSentences,
  chanceCell,
  changeCell,
  currentCell,
  dateCell,
  evidenceCell,
  groupedQuality,
  growthCell,
  latentSentences,
  needCell,
  operatorsCell,
  planSentence,
  quantityOf,
  rankedLines,
  recommendedCell,
  refusals,
  runsOutCells,
  whatIfSentence,
} from "./words.ts";

/** Width of the terminal from which names of classes have room. */
const NAMES_FROM = 155;

/** A plan for a person at a terminal; 80 columns suffice. */
export function renderPlanTerminal(
  plan: Plan,
  { color, columns }: { color: boolean; columns: number },
): string {
  const { red, green, yellow, bold, dim } = paints(color);
  const lines = rankedLines(plan);
  const asOf = plan.asOf.slice(0, 10);
  const short = lines.some(isShort);
  const sentence = wrap(planSentence(plan), columns - 2).join("\n");
  const out = [
    "",
    `${bold(plan.system)} · capacity plan · as of ${asOf}, ${plan.horizonDays} days ahead`,
    dim(`history from ${plan.source}`),
    ...(plan.whatIf === undefined ? [] : [yellow(whatIfSentence(plan.whatIf))]),
    "",
    ...cautionSentences(plan).flatMap((text) => bullet(text, red("!"), columns)),
    bold((short ? red : lines.length > 0 ? green : yellow)(sentence)),
    "",
    sizingTable(lines, columns, dim),
    "",
    demandTable(plan.demands.filter(isForecast), columns, dim),
    "",
    ...refusals(plan).flatMap((text) => bullet(text, yellow("?"), columns)),
    ...lines.flatMap(({ resource, warnings }) =>
      warnings.flatMap((warning) => bullet(`${resource}: ${warning}`, red("!"), columns)),
    ),
    ...lines.flatMap((line) =>
      latentSentences(line).flatMap((text) => bullet(`${line.resource}: ${text}`, yellow("~"), columns)),
    ),
    ...lines
      .filter(({ resource }) => resource === plan.tightest)
      .flatMap((line) =>
        argumentSentences(line).flatMap((reason, index) =>
          bullet(index === 0 ? `why ${line.resource}: ${reason}` : reason, dim("·"), columns),
        ),
      ),
    ...leadingDemands(plan).flatMap((demand) => lastTimeBullet(demand, dim, columns)),
    ...[assumptionSentence(plan)].flatMap((text) => (text === null ? [] : bullet(text, dim("·"), columns))),
    ...groupedQuality(plan).flatMap((text) => bullet(`data: ${text}`, dim("·"), columns).map(dim)),
  ];
  return `${stripControls(out.join("\n").trimEnd(), color)}\n`;
}

/** The demands that what is tightest depends on. */
function leadingDemands({ demands, sizing, tightest }: Plan): ForecastDemand[] {
  const line = sizing.filter(isSized).find(({ resource }) => resource === tightest);
  const signals = line?.ceilings.map(({ signal }) => signal) ?? [];
  return demands.filter(isForecast).filter(({ signal }) => signals.includes(signal));
}

function lastTimeBullet(demand: ForecastDemand, dim: Paint, columns: number): string[] {
  const sentence = lastTimeSentence(demand);
  if (sentence === null) return [];
  return bullet(
    `last forecast of ${demand.signal} (${lastForecastCell(demand)}): ${sentence}`,
    dim("·"),
    columns,
  );
}

function bullet(text: string, mark: string, columns: number): string[] {
  return wrap(text, columns - 4).map((line, index) => (index === 0 ? `  ${mark} ${line}` : `    ${line}`));
}

function sizingTable(lines: readonly SizingLine[], columns: number, dim: Paint): string {
  if (lines.length === 0) return "  no resource could be sized";
  const hasNames = columns >= NAMES_FROM;
  const all: Column<SizingLine>[] = [
    { head: "resource", cell: ({ resource }) => resource, align: "left" },
    {
      head: "today",
      cell: (line) => currentCell(hasNames ? line : { ...line, currentName: null }),
      align: "right",
    },
    { head: "need", cell: needCell, align: "right", from: 95 },
    {
      head: "recommended",
      cell: (line) => (hasNames ? recommendedCell(line) : formatNumber(line.recommended)),
      align: hasNames ? "left" : "right",
    },
    { head: "", cell: changeCell, align: "right" },
    { head: "evidence", cell: evidenceCell, align: "left", from: 95 },
    { head: "chance", cell: chanceCell, align: "right" },
    { head: "early", cell: (line) => runsOutCells(line).early, align: "left" },
    { head: "likely", cell: (line) => runsOutCells(line).likely, align: "left", from: 110 },
    { head: "order by", cell: ({ orderBy }) => dateCell(orderBy), align: "left" },
    {
      head: "operators",
      cell: ({ operatorsRule }) => operatorsCell(operatorsRule),
      align: "right",
      from: 110,
    },
  ];
  return render(all, lines, columns, dim);
}

function demandTable(demands: readonly ForecastDemand[], columns: number, dim: Paint): string {
  if (demands.length === 0) return "  no demand could be forecast";
  const all: Column<ForecastDemand>[] = [
    { head: "demand", cell: ({ signal }) => signal, align: "left" },
    { head: "now", cell: ({ now, unit }) => quantityOf(now, unit), align: "right" },
    { head: "p50 ahead", cell: ({ atHorizon, unit }) => quantityOf(atHorizon.p50, unit), align: "right" },
    {
      head: "p10–p90",
      cell: ({ atHorizon, unit }) => `${quantityOf(atHorizon.p10, unit)}–${quantityOf(atHorizon.p90, unit)}`,
      align: "right",
    },
    { head: "per 30 d", cell: growthCell, align: "right" },
    {
      head: "operators",
      cell: ({ operatorsRule, unit }) =>
        operatorsRule?.value == null ? "–" : quantityOf(operatorsRule.value, unit),
      align: "right",
      from: 95,
    },
    { head: "held (80%)", cell: heldCell, align: "right", from: 110 },
    { head: "last forecast", cell: lastForecastCell, align: "left", from: 130 },
    { head: "method", cell: ({ method }) => method, align: "left", from: 205 },
  ];
  return render(all, demands, columns, dim);
}

interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => string;
  readonly align: Align;
  /** Width of the terminal from which there is room for it. */
  readonly from?: number;
}

function render<T>(all: readonly Column<T>[], rows: readonly T[], columns: number, dim: Paint): string {
  const shown = all.filter(({ from = 0 }) => columns >= from);
  return table(
    shown.map(({ head }) => dim(head)),
    rows.map((row) => shown.map(({ cell }) => cell(row))),
    shown.map(({ align }) => align),
  );
}
