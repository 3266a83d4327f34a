import type { DemandSeries, Plan } from "../../model/plan.ts";
import type { RenderedFile } from "../report.ts";
import { renderSeriesCsv, renderSizingCsv } from "./csv.ts";
import { renderPlanMarkdown } from "./markdown.ts";

export interface PlanReport {
  readonly plan: Plan;
  readonly series: readonly DemandSeries[];
}

export interface PlanReporter {
  readonly describes: string;
  render(report: PlanReport): readonly RenderedFile[];
}

/** What `plan --format` takes. */
export const planReporters: Readonly<Record<string, PlanReporter>> = {
  json: {
    describes: "plan.json: the plan for other programs",
    render: ({ plan }) => [{ name: "plan.json", text: `${JSON.stringify(plan, null, 2)}\n` }],
  },
  markdown: {
    describes: "plan.md: the plan as a document",
    render: ({ plan }) => [{ name: "plan.md", text: renderPlanMarkdown(plan) }],
  },
  csv: {
    describes: "sizing.csv and series.csv: the sizing table; history and forecast by day",
    render: ({ plan, series }) => [
      { name: "sizing.csv", text: renderSizingCsv(plan) },
      { name: "series.csv", text: renderSeriesCsv(series) },
    ],
  },
};
