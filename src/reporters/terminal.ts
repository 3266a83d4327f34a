import { formatQuantity } from "../model/unit.ts";
import type { JudgedCriterion } from "../model/verdict.ts";
import { endpointLines } from "./endpoints.ts";
import type { GateReport } from "./report.ts";
import { stripControls } from "./safe-text.ts";
import { type Paint, paints, table, wrap } from "./table.ts";
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

/** From this width on the intervals have room. */
const WIDE_COLUMNS = 110;

/** The verdict for a person at a terminal; 80 columns suffice. */
export function renderTerminal(report: GateReport, options: { color: boolean; columns: number }): string {
  const { run, verdict } = report;
  const { columns } = options;
  const { red, green, yellow, bold, dim } = paints(options.color);
  const paint = { pass: green, fail: red, inconclusive: yellow }[verdict.status];
  const marks = { pass: green("✓"), fail: red("✗"), warn: yellow("!"), "no-data": yellow("?") };

  const lines = [
    "",
    `${bold(verdict.system)} · ${verdict.scenario} · ${engineWords(run.engine)}${run.asked.target ? ` · ${run.asked.target}` : ""}`,
    "",
    `${bold(paint(HEADLINES[verdict.status]))}  ${summarySentence(report)}`,
    ...verdict.reasons.flatMap(({ message, remedy }) => [
      "",
      ...wrap(message, columns - 2).map((line, index) =>
        index === 0 ? `${yellow("•")} ${line}` : `  ${line}`,
      ),
      ...wrap(`→ ${remedy}`, columns - 2).map((line) => `  ${dim(line)}`),
    ]),
    "",
    criteriaTable(verdict.criteria, { marks, dim, isWide: columns >= WIDE_COLUMNS }),
    ...unexplained(verdict).flatMap(({ id, note, why }) =>
      wrap(`${id}: ${note ? `${note}. ` : ""}${why}`, columns - 2).map((line) => `  ${dim(line)}`),
    ),
    "",
    endpointTable(report, dim),
    "",
    ...[engineNote(run), ...verdict.notices]
      .filter((notice) => notice !== null)
      .flatMap((notice) => wrap(`note: ${notice}`, columns).map(dim)),
  ];
  return `${stripControls(lines.join("\n").trimEnd(), options.color)}\n`;
}

interface Style {
  readonly marks: Record<JudgedCriterion["status"], string>;
  readonly dim: Paint;
  readonly isWide: boolean;
}

function criteriaTable(criteria: readonly JudgedCriterion[], { marks, dim, isWide }: Style): string {
  const rows = criteria.map((criterion) => [
    marks[criterion.status],
    criterion.severity === "warn" ? `${criterion.id} ${dim("(warn)")}` : criterion.id,
    `${criterion.kind === "client" && criterion.where !== "all" ? `${criterion.where} ` : ""}${criterion.stat}`,
    observedCell(criterion),
    limitCell(criterion),
    marginCell(criterion),
    ...(isWide ? [intervalCell(criterion), criterion.samples.toLocaleString("en-US")] : []),
  ]);
  const head = [
    "",
    ...[
      "criterion",
      "where",
      "observed",
      "limit",
      "margin",
      ...(isWide ? ["95% interval", "samples"] : []),
    ].map(dim),
  ];
  return table(head, rows, ["left", "left", "left", "right", "left", "right", "right", "right"]);
}

function endpointTable({ run }: GateReport, dim: Paint): string {
  const ms = (value: number | null) => (value === null ? "–" : formatQuantity(value, "ms"));
  const rows = endpointLines(run).map((line) => [
    line.endpoint ?? "all",
    line.requests.toLocaleString("en-US"),
    line.failedRatio === null ? "–" : formatQuantity(line.failedRatio, "ratio"),
    ms(line.p50Ms),
    ms(line.p95Ms),
    ms(line.p99Ms),
    ms(line.maxMs),
  ]);
  if (rows.length === 0) return "  no request was answered";
  return table(["endpoint", "requests", "failed", "p50", "p95", "p99", "max"].map(dim), rows, [
    "left",
    "right",
    "right",
    "right",
    "right",
    "right",
    "right",
  ]);
}
