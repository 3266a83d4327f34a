import { formatQuantity } from "../model/unit.ts";
import { endpointLines } from "./endpoints.ts";
import type { GateReport, Reporter } from "./report.ts";
import { escapeMarkdown } from "./safe-text.ts";
import { markdownTable } from "./table.ts";
import {
  engineNote,
  engineWords,
  HEADLINES,
  intervalCell,
  limitCell,
  marginCell,
  observedCell,
  summarySentence,
  unexplained,
} from "./words.ts";

const ICONS = { pass: "✅", fail: "❌", warn: "⚠️", "no-data": "❔", inconclusive: "❔" } as const;

export const markdown: Reporter = {
  describes: "summary.md: the verdict for a pull request or a job summary",
  render: (report) => [{ name: "summary.md", text: renderMarkdown(report) }],
};

function renderMarkdown(report: GateReport): string {
  const { run, verdict } = report;
  const text = escapeMarkdown;
  const target = run.asked.target ? ` · ${text(run.asked.target)}` : "";
  const notices = [engineNote(run), ...verdict.notices].filter((notice) => notice !== null);
  return [
    `## ${ICONS[verdict.status]} ${HEADLINES[verdict.status]}: ${text(verdict.system)}, ${text(verdict.scenario)}`,
    "",
    `${text(summarySentence(report))} · ${text(engineWords(run.engine))}${target}`,
    "",
    ...verdict.reasons.map(({ message, remedy }) => `- **${text(message)}** ${text(remedy)}`),
    ...(verdict.reasons.length > 0 ? [""] : []),
    ...table(
      ["", "Criterion", "Where", "Statistic", "Observed", "Limit", "Margin", "95% interval", "Samples"],
      verdict.criteria.map((criterion) => [
        ICONS[criterion.status],
        text(criterion.id) + (criterion.severity === "warn" ? " (warn)" : ""),
        text(criterion.where),
        criterion.stat,
        observedCell(criterion),
        text(limitCell(criterion)),
        marginCell(criterion),
        intervalCell(criterion),
        criterion.samples.toLocaleString("en-US"),
      ]),
    ),
    "",
    ...unexplained(verdict).map(
      ({ id, note, why }) => `- ${text(id)}: ${note ? `${text(note)}. ` : ""}${text(why)}`,
    ),
    "",
    ...table(["Endpoint", "Requests", "Failed", "p50", "p95", "p99", "Max"], endpointRows(report)),
    "",
    ...notices.map((notice) => `> ${text(notice)}\n`),
    `<sub>run ${text(run.id)} · ${text(run.asked.command)}</sub>`,
    "",
  ].join("\n");
}

function endpointRows({ run }: GateReport): string[][] {
  const ms = (value: number | null) => (value === null ? "–" : formatQuantity(value, "ms"));
  return endpointLines(run).map((line) => [
    line.endpoint === null ? "**all**" : escapeMarkdown(line.endpoint),
    line.requests.toLocaleString("en-US"),
    line.failedRatio === null ? "–" : formatQuantity(line.failedRatio, "ratio"),
    ms(line.p50Ms),
    ms(line.p95Ms),
    ms(line.p99Ms),
    ms(line.maxMs),
  ]);
}

const NUMERIC = new Set([
  "Observed",
  "Margin",
  "95% interval",
  "Samples",
  "Requests",
  "Failed",
  "p50",
  "p95",
  "p99",
  "Max",
]);

const table = (head: string[], rows: string[][]) => markdownTable(head, rows, (name) => NUMERIC.has(name));
