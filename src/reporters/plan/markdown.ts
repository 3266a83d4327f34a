import { describeAssumption } from "../../model/assumption.ts";
import { isForecast, type Plan } from "../../model/plan.ts";
import type { SizingLine } from "../../model/sizing-line.ts";
import { formatNumber } from "../../model/unit.ts";
import { escapeMarkdown as text } from "../safe-text.ts";
import { markdownTable } from "../table.ts";
import { backtestSentence, heldCell, lastForecastCell } from "./trust.ts";
import {
  argumentSentences,
  capacityCell,
  cautionSentences,
  chanceCell,
  changeCell,
  currentCell,
  dateCell,
  evidenceCell,
  growthCell,
  latentSentences,
  needCell,
  operatorsCell,
  planSentence,
  qualitySentence,
  quantityOf,
  rankedLines,
  recommendedCell,
  refusals,
  runsOutCells,
} from "./words.ts";

const TEXTUAL = new Set([
  "Resource",
  "Evidence",
  "Recommended",
  "Demand",
  "Last forecast",
  "Method",
  "Signal",
  "What was found",
  "Early",
  "Likely",
  "Late",
  "Order by",
]);
const table = (head: string[], rows: string[][]) => markdownTable(head, rows, (name) => !TEXTUAL.has(name));

/** The plan as a document that can be read, defended and pasted into a ticket. */
export function renderPlanMarkdown(plan: Plan): string {
  const lines = rankedLines(plan);
  const demands = plan.demands.filter(isForecast);
  return [
    `# Capacity plan: ${text(plan.system)}`,
    "",
    `As of ${plan.asOf.slice(0, 10)}, ${plan.horizonDays} days ahead, lead time ${formatNumber(plan.leadTimeDays)} days. History from ${text(plan.source)}.`,
    "",
    `**${text(planSentence(plan))}.**`,
    "",
    ...cautionSentences(plan).map((caution) => `> **Caution:** ${text(caution)}\n`),
    ...lines.flatMap(({ resource, warnings }) =>
      warnings.map((warning) => `> **${text(resource)}:** ${text(warning)}\n`),
    ),
    ...lines.flatMap((line) =>
      latentSentences(line).map((reason) => `> **${text(line.resource)}:** ${text(reason)}\n`),
    ),
    ...refusals(plan).map((reason) => `> ${text(reason)}\n`),
    "## What to buy",
    "",
    ...table(
      [
        "Resource",
        "Today",
        "Need p50–p90",
        "Recommended",
        "Change",
        "Evidence",
        "Chance",
        "Early",
        "Likely",
        "Late",
        "Order by",
        "Operators' rule",
      ],
      lines.map((line) => [
        text(line.resource),
        text(currentCell(line)),
        needCell(line),
        text(recommendedCell(line)),
        changeCell(line),
        evidenceCell(line),
        chanceCell(line),
        runsOutCells(line).early,
        runsOutCells(line).likely,
        runsOutCells(line).late,
        dateCell(line.orderBy),
        operatorsCell(line.operatorsRule),
      ]),
    ),
    "",
    "Evidence: observed (the last week needed more than there is), forecast (the demand will), latent (it can happen), rule (the operators' document says so, no measurement does).",
    "",
    "Chance: share of the simulated courses of demand that pass today's size within the horizon. Early, likely, late: the day by which one, five and nine in ten have passed it; the recommendation is for p90 of the highest day.",
    "",
    "## Why",
    "",
    ...lines.flatMap(argumentOf),
    "## Demand",
    "",
    ...table(
      [
        "Demand",
        "Now",
        "p10",
        "p50",
        "p90",
        "Organic p50",
        "Per 30 days",
        "Operators' rule",
        "Held (80%)",
        "Last forecast",
        "Method",
      ],
      demands.map((demand) => {
        const shown = (value: number) => quantityOf(value, demand.unit);
        return [
          text(demand.signal),
          shown(demand.now),
          shown(demand.atHorizon.p10),
          shown(demand.atHorizon.p50),
          shown(demand.atHorizon.p90),
          shown(demand.organic.p50),
          growthCell(demand),
          demand.operatorsRule?.value == null ? "–" : shown(demand.operatorsRule.value),
          heldCell(demand),
          lastForecastCell(demand),
          `${text(demand.method)}; ${backtestSentence(demand)}`,
        ];
      }),
    ),
    "",
    "The busy hour (the busiest hour's mean) of the busiest day of the horizon's last week. Held: share of what came that was between p10 and p90 on earlier windows of the signal itself, so many days ahead. Last forecast: the error of p50 over all days, and the share inside.",
    ...(demands[0]?.added ?? []).map(
      ({ name, from, factor }) =>
        `\nAdded by hand: ${text(name)}${from === null ? " over the horizon" : ` from ${from}`}, × ${formatNumber(factor)}.`,
    ),
    ...(demands.some(({ operatorsRule }) => operatorsRule !== null)
      ? [
          "",
          `Operators' rule: ${text(demands.find(({ operatorsRule }) => operatorsRule !== null)?.operatorsRule?.formula ?? "")}.`,
        ]
      : []),
    "",
    "## Data",
    "",
    ...table(
      ["Signal", "Points", "What was found"],
      plan.dataQuality.map((quality) => [
        text(quality.signal),
        qualitySentence(quality),
        text(quality.warnings.join("; ") || "nothing"),
      ]),
    ),
    "",
    ...assumptionsOf(plan),
  ].join("\n");
}

function assumptionsOf({ assumptions }: Plan): string[] {
  if (assumptions.length === 0) return [];
  return [
    "## What is assumed",
    "",
    "No document of the operators says it; whoever knows better corrects the profile.",
    "",
    ...assumptions.map((one) => `- ${text(describeAssumption(one))}: ${text(one.why)}`),
    "",
  ];
}

function argumentOf(line: SizingLine): string[] {
  return [
    `### ${text(line.resource)}: ${text(recommendedCell(line))}`,
    "",
    `Limited by ${text(line.bottleneck)}. Capacity: ${text(capacityCell(line))}.`,
    "",
    ...argumentSentences(line).map((reason) => `- ${text(reason)}`),
    ...(line.operatorsRule === null
      ? []
      : [
          `- the operators' rule: ${text(line.operatorsRule.formula)} → ${operatorsCell(line.operatorsRule)}`,
        ]),
    "",
  ];
}
