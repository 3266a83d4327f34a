import type { Plan } from "../../model/plan.ts";
import { renderPlanPage } from "../html/plan-page.tsx";
import type { RenderedFile } from "../report.ts";
import { renderSeriesCsv, renderSizingCsv } from "./csv.ts";
import { renderPlanMarkdown } from "./markdown.ts";

export interface PlanReporter {
  readonly describes: string;
  render(plan: Plan): readonly RenderedFile[];
}

/** What `plan --format` takes. */
export const planReporters: Readonly<Record<string, PlanReporter>> = {
  json: {
    describes: "plan.json: the plan for other programs",
    render: (plan) => [{ name: "plan.json", text: `${JSON.stringify(plan, null, 2)}\n` }],
  },
  markdown: {
    describes: "plan.md: the plan as a document",
    render: (plan) => [{ name: "plan.md", text: renderPlanMarkdown(plan) }],
  },
  html: {
    describes: "report.html: the plan to look at, in one file",
    render: (plan) => [{ name: "report.html", text: renderPlanPage(plan) }],
  },
  csv: {
    describes: "sizing.csv and series.csv: the sizing table; history and forecast by day",
    render: (plan) => [
      { name: "sizing.csv", text: renderSizingCsv(plan) },
      { name: "series.csv", text: renderSeriesCsv(plan) },
    ],
  },
};
