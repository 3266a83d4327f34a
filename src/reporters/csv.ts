import { stringify } from "csv-stringify/sync";
import type { GateReport, Reporter } from "./report.ts";
import { escapeCsvFormula, stripControls } from "./safe-text.ts";

export const csv: Reporter = {
  describes: "summary.csv and timeline.csv: criteria and the run second by second",
  render: (report) => [
    { name: "summary.csv", text: writeCsv(summaryRows(report)) },
    { name: "timeline.csv", text: writeCsv(timelineRows(report)) },
  ],
};

export type Cell = string | number | null;

/** Rows as CSV; text that a spreadsheet would run is made text. */
export const writeCsv = (rows: readonly Cell[][]) =>
  stringify(
    rows.map((row) =>
      row.map((cell) => (typeof cell === "string" ? escapeCsvFormula(stripControls(cell)) : cell)),
    ),
  );

function summaryRows({ verdict }: GateReport): Cell[][] {
  return [
    [
      "id",
      "kind",
      "metric",
      "where",
      "stat",
      "unit",
      "operator",
      "limit",
      "severity",
      "observed",
      "low",
      "high",
      "samples",
      "status",
      "note",
    ],
    ...verdict.criteria.map((criterion) => [
      criterion.id,
      criterion.kind,
      criterion.metric,
      criterion.where,
      criterion.stat,
      criterion.unit,
      criterion.operator,
      criterion.limit,
      criterion.severity,
      criterion.observed,
      criterion.interval?.low ?? null,
      criterion.interval?.high ?? null,
      criterion.samples,
      criterion.status,
      criterion.note,
    ]),
  ];
}

/** One row per second, a column per series; empty where a second had no sample. */
function timelineRows({ run }: GateReport): Cell[][] {
  const { series, periodMs } = run.timeline;
  const startMs = Date.parse(run.startedAt);
  const length = Math.max(0, ...series.map(({ values }) => values.length));
  const head = [
    "time",
    ...series.map(
      ({ metric, endpoint, unit }) => `${endpoint === null ? "" : `${endpoint} `}${metric} (${unit})`,
    ),
  ];
  const rows = Array.from({ length }, (_, second): Cell[] => [
    new Date(startMs + (second + 1) * periodMs).toISOString(),
    ...series.map(({ values }) => values[second] ?? null),
  ]);
  return [head, ...rows];
}
