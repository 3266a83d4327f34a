import type { JSX } from "preact";
import { type Capacity, pointsOf, throughputAt } from "../../model/capacity.ts";
import { counted, formatNumber, formatQuantity } from "../../model/unit.ts";
import { capacitySentence, describeUsl } from "../capacity/words.ts";
import type { Chart, Level, Series } from "./chart.ts";
import { clean, Facts, Figure, renderPage, Table } from "./page.tsx";

/** Points of the law's curve. */
const CURVE_POINTS = 80;

/** A capacity's report.html. */
export function renderCapacityPage(capacity: Capacity): string {
  const { system, instances, engine, settled, measuredAt, usl, steps } = capacity;
  const charts = [latencyChart(capacity), ...scalabilityChart(capacity)];
  return renderPage({
    title: `Capacity: ${system}`,
    charts,
    children: (
      <>
        <header>
          <h1>{clean(system)} · capacity</h1>
          <p class="about">
            {counted(instances, "instance")} · {measuredAt.replace("T", " ").slice(0, 19)} UTC
            {engine === null ? "" : ` · ${engine.name} ${clean(engine.version)}`}
          </p>
          <section class={`verdict ${settled ? "pass" : "inconclusive"}`} aria-label="Result">
            <Result capacity={capacity} />
          </section>
        </header>
        <main id="main">
          <h2>What it takes</h2>
          <div class="charts">
            {charts.map((chart) => (
              <Figure chart={chart} />
            ))}
          </div>
          <h2>Scalability law</h2>
          {describeUsl(usl, pointsOf(steps)).map((sentence) => (
            <p>{clean(sentence)}</p>
          ))}
          <Law capacity={capacity} />
          <h2>Steps</h2>
          <Steps capacity={capacity} />
        </main>
        <footer>
          The highest rate that holds the SLA, found by a ladder and bisection in the open model; each step
          judged by its own samples. A plan divides the forecast demand by its lower end per instance.
        </footer>
      </>
    ),
  });
}

/** The range stands out, the sentence around it stays whole. */
function Result({ capacity }: { capacity: Capacity }): JSX.Element {
  const [range, rest] = capacitySentence(capacity).split(/(?= hold the SLA)/);
  return rest === undefined ? (
    <strong>{clean(range ?? "")}</strong>
  ) : (
    <>
      <strong>{clean(range ?? "")}</strong>
      {clean(rest)}
    </>
  );
}

/** p95 over the rate that was achieved: where it held, where it broke, the SLA and the knee. */
function latencyChart({ steps, limits, maxRatePerSecond: { low, high } }: Capacity): Chart {
  const sorted = steps.filter(({ p95Ms }) => p95Ms !== null).sort((a, b) => a.achieved - b.achieved);
  const only = (wanted: boolean | null) =>
    sorted.map(({ p95Ms, holds }) => (holds === wanted ? p95Ms : null));
  const named: [string, boolean | null, Series["tone"]][] = [
    ["p95 where the SLA held", true, "good"],
    ["p95 where it broke", false, "bad"],
    ["p95 of a step that says nothing", null, "muted"],
  ];
  const series = named
    .map(([name, wanted, tone]) => ({ name, tone, shape: "points" as const, values: only(wanted) }))
    .filter(({ values }) => values.some((value) => value !== null));
  const levels: Level[] = limits
    .filter(({ metric, stat }) => metric === "http_req_duration" && stat === "p95")
    .map(({ limit }) => ({ value: limit, name: `SLA: p95 ${formatQuantity(limit, "ms")}`, tone: "bad" }));
  return {
    id: "chart-latency",
    title: "Latency over throughput",
    x: { kind: "number", label: "requests/s", values: sorted.map(({ achieved }) => achieved) },
    y: { label: "p95", unit: "ms" },
    series: [
      { name: "p95", tone: "muted", shape: "dashed", values: sorted.map(({ p95Ms }) => p95Ms) },
      ...series,
    ],
    spans: low > 0 && high > low ? [{ from: low, to: high, name: "the knee", tone: "second" }] : [],
    levels,
    moments: [],
    note: "Across: requests/s that were answered. The shaded band holds the highest rate that keeps the SLA.",
  };
}

/** Throughput over requests in flight, with the law's curve where there is one. */
function scalabilityChart({ steps, usl }: Capacity): Chart[] {
  const points = pointsOf(steps).sort((a, b) => a.concurrency - b.concurrency);
  if (points.length < 2) return [];
  const most = (points.at(-1)?.concurrency ?? 1) * 1.2;
  const curve =
    "refused" in usl ? [] : Array.from({ length: CURVE_POINTS }, (_, at) => ((at + 1) / CURVE_POINTS) * most);
  const xs = [...new Set([...points.map(({ concurrency }) => concurrency), ...curve])].sort((a, b) => a - b);
  const seen = new Map(points.map(({ concurrency, throughput }) => [concurrency, throughput]));
  return [
    {
      id: "chart-scalability",
      title: "Throughput over requests in flight",
      x: { kind: "number", label: "in flight", values: xs },
      y: { label: "requests/s", unit: "per-second" },
      series: [
        ...("refused" in usl
          ? []
          : [
              {
                name: "scalability law",
                shape: "line" as const,
                tone: "first" as const,
                values: xs.map((n) => throughputAt(usl, n)),
              },
            ]),
        { name: "measured", shape: "points", tone: "good", values: xs.map((n) => seen.get(n) ?? null) },
      ],
      spans: [],
      levels: [],
      moments: [],
      note: "Across: requests in flight on average, which is rate × mean latency (Little's law).",
    },
  ];
}

function Law({ capacity: { usl } }: { capacity: Capacity }): JSX.Element | null {
  if ("refused" in usl) return null;
  const interval = (key: string, shown: (value: number) => string) => {
    const found = usl.intervals[key];
    return found === undefined ? "" : ` (95%: ${shown(found.low)} to ${shown(found.high)})`;
  };
  const share = (value: number) => `${formatNumber(value * 100)}%`;
  const rate = (value: number) => `${formatNumber(value)}/s`;
  return (
    <Facts
      facts={[
        ["Contention α", `${share(usl.alpha)}${interval("alpha", share)}`],
        ["Coherency β", `${share(usl.beta)}${interval("beta", share)}`],
        ["One in flight γ", `${rate(usl.gamma)}${interval("gamma", rate)}`],
      ]}
    />
  );
}

function Steps({ capacity: { steps } }: { capacity: Capacity }): JSX.Element {
  const number = (value: number | null, unit: "ms" | "ratio" | "number") =>
    value === null ? "–" : formatQuantity(value, unit);
  return (
    <Table
      caption="Every rate that was tried"
      columns={[
        { name: "" },
        ...["Offered", "Achieved", "Mean", "p95", "Errors", "In flight"].map((name) => ({
          name,
          isNumber: true,
        })),
        { name: "What broke" },
      ]}
      rows={[...steps]
        .sort((a, b) => a.offered - b.offered)
        .map(({ offered, achieved, meanMs, p95Ms, errorRatio, concurrency, holds, brokenBy }) => ({
          cells: [
            <span class={`mark ${holds === null ? "no-data" : holds ? "pass" : "fail"}`}>
              {holds === null ? "? says nothing" : holds ? "✓ holds" : "✗ breaks"}
            </span>,
            formatQuantity(offered, "per-second"),
            formatQuantity(achieved, "per-second"),
            number(meanMs, "ms"),
            number(p95Ms, "ms"),
            number(errorRatio, "ratio"),
            number(concurrency, "number"),
            clean(brokenBy ?? ""),
          ],
        }))}
    />
  );
}
