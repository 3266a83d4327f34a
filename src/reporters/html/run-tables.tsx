import type { JSX } from "preact";
import { formatQuantity } from "../../model/unit.ts";
import type { JudgedCriterion } from "../../model/verdict.ts";
import {
  changeCell,
  changeIntervalCell,
  comparisonSentence,
  placeCell,
  sideText,
  valueCell,
} from "../comparison/words.ts";
import { endpointLines } from "../endpoints.ts";
import type { GateReport } from "../report.ts";
import { intervalCell, limitCell, marginCell, observedCell } from "../words.ts";
import { clean, Facts, Table } from "./page.tsx";

const MARKS: Record<JudgedCriterion["status"], string> = {
  pass: "✓ holds",
  fail: "✗ broken",
  warn: "! broken (warn)",
  "no-data": "? no data",
};

/** What is broken leads. */
export function Criteria({ criteria }: { criteria: readonly JudgedCriterion[] }): JSX.Element {
  const order = ["fail", "no-data", "warn", "pass"];
  const sorted = [...criteria].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return (
    <Table
      caption="Each criterion against its limit"
      columns={[
        { name: "" },
        { name: "Criterion" },
        { name: "Observed", isNumber: true },
        { name: "Limit", isNumber: true },
        { name: "Margin", isNumber: true },
        { name: "95% interval", isNumber: true },
        { name: "Where" },
        { name: "Samples", isNumber: true },
      ]}
      rows={sorted.map((criterion) => ({
        cells: [
          <span class={`mark ${criterion.status}`}>{MARKS[criterion.status]}</span>,
          <>
            {clean(criterion.id)}
            {criterion.severity === "warn" ? " (warn)" : ""}
          </>,
          observedCell(criterion),
          limitCell(criterion),
          marginCell(criterion),
          intervalCell(criterion),
          whereCell(criterion),
          criterion.samples.toLocaleString("en-US"),
        ],
        below: (
          <>
            {criterion.note !== null && criterion.status !== "pass" ? `${clean(criterion.note)}. ` : ""}
            {clean(criterion.why)}
          </>
        ),
      }))}
    />
  );
}

const whereCell = ({ kind, metric, where, stat }: JudgedCriterion) =>
  kind === "server" ? <code>{clean(metric)}</code> : `${clean(where)} · ${stat}`;

export function ComparedWith({
  comparison,
}: {
  comparison: NonNullable<GateReport["comparison"]>;
}): JSX.Element {
  return (
    <>
      <h2>Against the baseline</h2>
      <p>
        {clean(comparisonSentence(comparison))}. Baseline: {clean(sideText(comparison.baseline))}.
      </p>
      <Table
        caption="Changes; all intervals hold together with 95% confidence"
        columns={[
          { name: "Where" },
          { name: "Baseline", isNumber: true },
          { name: "Candidate", isNumber: true },
          { name: "Change", isNumber: true },
          { name: "95% interval", isNumber: true },
          { name: "Conclusion" },
        ]}
        rows={comparison.lines.map((line) => ({
          cells: [
            clean(placeCell(line)),
            valueCell(line.baseline, line.unit),
            valueCell(line.candidate, line.unit),
            changeCell(line),
            changeIntervalCell(line),
            `${line.outcome.replaceAll("-", " ")}${line.note === null ? "" : `: ${clean(line.note)}`}`,
          ],
        }))}
      />
    </>
  );
}

/** The slowest first, all requests on top. */
export function Endpoints({ run }: GateReport): JSX.Element {
  const ms = (value: number | null) => (value === null ? "–" : formatQuantity(value, "ms"));
  const [all, ...endpoints] = endpointLines(run);
  const sorted = endpoints.sort((a, b) => (b.p95Ms ?? 0) - (a.p95Ms ?? 0));
  if (all === undefined) return <p>No request was answered.</p>;
  return (
    <Table
      caption="Over the whole run, the slowest first"
      columns={[
        { name: "Endpoint" },
        ...["Requests", "Failed", "p50", "p95", "p99", "Max"].map((name) => ({ name, isNumber: true })),
      ]}
      rows={[all, ...sorted].map((line) => ({
        cells: [
          line.endpoint === null ? <b>all</b> : clean(line.endpoint),
          line.requests.toLocaleString("en-US"),
          line.failedRatio === null ? "–" : formatQuantity(line.failedRatio, "ratio"),
          ms(line.p50Ms),
          ms(line.p95Ms),
          ms(line.p99Ms),
          ms(line.maxMs),
        ],
      }))}
    />
  );
}

export function Answers({ run }: GateReport): JSX.Element {
  const { statusCounts, errors, checks } = run;
  const count = (value: number) => value.toLocaleString("en-US");
  return (
    <>
      <h2>Answers</h2>
      <Facts
        facts={[
          ...statusCounts.map(
            ({ status, count: times }) =>
              [
                status === null ? "other" : status === 0 ? "no answer" : `status ${status}`,
                count(times),
              ] as const,
          ),
          ...errors.map(({ kind, count: times }) => [clean(kind), count(times)] as const),
        ]}
      />
      {checks.length > 0 && (
        <Table
          caption="Checks of the journey"
          columns={[
            { name: "Check" },
            { name: "Passed", isNumber: true },
            { name: "Failed", isNumber: true },
          ]}
          rows={[...checks]
            .sort((a, b) => b.fails - a.fails)
            .map(({ name, passes, fails }) => ({
              cells: [
                clean(name),
                count(passes),
                fails > 0 ? <span class="mark fail">{count(fails)}</span> : "0",
              ],
            }))}
        />
      )}
    </>
  );
}

export function Circumstances({ run }: GateReport): JSX.Element {
  const { environment, evidence, asked } = run;
  const cpu = evidence.generatorCpu?.samples ?? [];
  return (
    <>
      <h2>Circumstances</h2>
      <Facts
        facts={[
          ...(run.engine.generators === undefined
            ? []
            : [
                [
                  "Generators",
                  `${run.engine.generators}, elsewhere; what they wrote to their store was read here`,
                ] as const,
              ]),
          [
            run.engine.generators === undefined ? "Generator" : "Read by",
            `${clean(environment.os)}, ${environment.cpuCores} cores (${clean(environment.cpuModel)}), ${formatQuantity(environment.memoryBytes, "bytes")}${environment.ci === null ? "" : `, ${clean(environment.ci)}`}`,
          ],
          ...(cpu.length > 0
            ? [
                [
                  "Its CPU",
                  `${formatQuantity(Math.max(...cpu), "ratio")} of what it may use at most`,
                ] as const,
              ]
            : []),
          ...(evidence.plannedIterations === null
            ? []
            : [
                [
                  "Delivered",
                  `${evidence.iterations ?? 0} of ${Math.round(evidence.plannedIterations)} planned iterations, ${evidence.droppedIterations ?? 0} dropped`,
                ] as const,
              ]),
          ["Ended", clean(evidence.exit.meaning)],
          ["Thresholds", clean(run.thresholds.file)],
        ]}
      />
      <h2>Run it again</h2>
      <pre>
        <code>{clean(asked.command)}</code>
      </pre>
    </>
  );
}
