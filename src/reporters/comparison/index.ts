import type { Comparison, PlanComparison } from "../../model/comparison.ts";
import type { RenderedFile } from "../report.ts";
import { escapeMarkdown as text } from "../safe-text.ts";
import { markdownTable } from "../table.ts";
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

export interface ComparisonReporter {
  readonly describes: string;
  render(comparison: Comparison | PlanComparison): readonly RenderedFile[];
}

/** What `compare --format` takes. */
export const comparisonReporters: Readonly<Record<string, ComparisonReporter>> = {
  json: {
    describes: "comparison.json: for machines",
    render: (comparison) => [{ name: "comparison.json", text: `${JSON.stringify(comparison, null, 2)}\n` }],
  },
  markdown: {
    describes: "comparison.md: for a pull request or a review",
    render: (comparison) => [
      {
        name: "comparison.md",
        text: "lines" in comparison ? renderRuns(comparison) : renderPlans(comparison),
      },
    ],
  },
};

function renderRuns(comparison: Comparison): string {
  return [
    `## ${OUTCOMES[comparison.outcome]}: ${text(comparison.system)}, ${text(comparison.scenario)}`,
    "",
    text(comparisonSentence(comparison)),
    "",
    ...markdownTable(
      ["Where", "Baseline", "Candidate", "Change", "95% interval", "Outcome"],
      comparison.lines.map((line) => [
        text(placeCell(line)),
        valueCell(line.baseline, line.unit),
        valueCell(line.candidate, line.unit),
        changeCell(line),
        changeIntervalCell(line),
        `${line.outcome.replaceAll("-", " ")}${line.note === null ? "" : `: ${text(line.note)}`}`,
      ]),
      (head) => !["Where", "Outcome"].includes(head),
    ),
    "",
    ...comparison.differences.map(
      ({ what, baseline, candidate }) =>
        `> Not like for like: the ${what} was ${text(baseline)} then and is ${text(candidate)} now.\n`,
    ),
    `Baseline: ${text(sideText(comparison.baseline))}. Candidate: ${text(sideText(comparison.candidate))}.`,
    "",
  ].join("\n");
}

function renderPlans(comparison: PlanComparison): string {
  const { demands, resources } = planRows(comparison);
  const day = (moment: string) => moment.slice(0, 10);
  const titled = (head: readonly string[]) => head.map((name) => name[0]?.toUpperCase() + name.slice(1));
  return [
    `## ${text(comparison.system)}: plan of ${day(comparison.older.asOf)} against plan of ${day(comparison.newer.asOf)}`,
    "",
    ...markdownTable(
      titled(DEMAND_HEAD),
      demands.map((row) => row.map(text)),
      (head) => head !== "Demand",
    ),
    "",
    "How the older forecast did on the days since: mean error and bias of its median, share of days inside p10–p90.",
    "",
    ...markdownTable(
      titled(RESOURCE_HEAD),
      resources.map((row) => row.map(text)),
      (head) => !["Resource", "Unit"].includes(head),
    ),
    "",
  ].join("\n");
}
