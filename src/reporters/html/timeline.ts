import type { RunResult, TimelineSeries } from "../../model/run.ts";
import type { JudgedCriterion } from "../../model/verdict.ts";
import { stripControls } from "../safe-text.ts";
import { limitCell } from "../words.ts";
import type { Chart, ChartUnit, Series, Span } from "./chart.ts";

/** More points than this are put together: a long run stays a small file. */
const MOST_POINTS = 600;

type Combine = (values: readonly number[]) => number;
const mean: Combine = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const most: Combine = (values) => Math.max(...values);

interface Wanted {
  readonly metric: string;
  readonly name: string;
  readonly shape: Series["shape"];
  readonly tone: Series["tone"];
  readonly combine: Combine;
  readonly isRare?: boolean;
}

interface Wants {
  readonly id: string;
  readonly title: string;
  readonly label: string;
  readonly unit: ChartUnit;
  readonly lines: readonly Wanted[];
  /** Users are of the whole run. */
  readonly isPerEndpoint: boolean;
}

const CHARTS: readonly Wants[] = [
  {
    id: "chart-latency",
    title: "Latency",
    label: "latency",
    unit: "ms",
    isPerEndpoint: true,
    lines: [
      { metric: "p99", name: "p99", shape: "line", tone: "second", combine: most },
      { metric: "p95", name: "p95", shape: "line", tone: "first", combine: most },
      { metric: "p50", name: "p50", shape: "line", tone: "third", combine: mean },
    ],
  },
  {
    id: "chart-rate",
    title: "Requests per second",
    label: "requests/s",
    unit: "per-second",
    isPerEndpoint: true,
    lines: [{ metric: "requests", name: "answered", shape: "line", tone: "first", combine: mean }],
  },
  {
    id: "chart-errors",
    title: "Failed requests",
    label: "failed",
    unit: "ratio",
    isPerEndpoint: true,
    lines: [{ metric: "failed", name: "failed", shape: "line", tone: "bad", combine: most }],
  },
  {
    id: "chart-users",
    title: "Virtual users",
    label: "users",
    unit: "count",
    isPerEndpoint: false,
    lines: [
      { metric: "users", name: "users", shape: "line", tone: "first", combine: most },
      {
        metric: "dropped",
        name: "dropped iterations/s",
        shape: "line",
        tone: "bad",
        combine: most,
        isRare: true,
      },
    ],
  },
];

/** A run second by second: four charts, each for all requests and for every endpoint. */
export function timelineCharts(run: RunResult): Chart[] {
  const { periodMs, series } = run.timeline;
  const length = series.reduce((longest, { values }) => Math.max(longest, values.length), 0);
  if (length === 0) return [];
  const every = Math.max(1, Math.ceil(length / MOST_POINTS));
  const seconds = (every * periodMs) / 1000;
  const x = {
    kind: "elapsed",
    label: "time",
    values: Array.from({ length: Math.ceil(length / every) }, (_, index) => index * seconds),
  } as const;
  const of = (metric: string, endpoint: string | null, combine: Combine) =>
    grouped(
      series.find((one) => one.metric === metric && one.endpoint === endpoint),
      every,
      combine,
      x.values.length,
    );
  // What never happened needs no line: a run without dropped iterations does not show them.
  const linesOf = ({ lines }: Wants) =>
    lines.filter(
      ({ metric, isRare }) => !isRare || (of(metric, null, most) ?? []).some((value) => (value ?? 0) > 0),
    );
  return CHARTS.map((wants) => ({
    id: wants.id,
    title: wants.title,
    x,
    y: { label: wants.label, unit: wants.unit },
    series: linesOf(wants).map(({ metric, name, shape, tone, combine }) => ({
      name,
      shape,
      tone,
      values: of(metric, null, combine),
    })),
    ...(wants.isPerEndpoint
      ? {
          variants: Object.fromEntries(
            timelineEndpoints(run).map((endpoint) => [
              stripControls(endpoint),
              wants.lines.map(({ metric, combine }) => of(metric, endpoint, combine)),
            ]),
          ),
        }
      : {}),
    spans: phaseSpans(run, x.values.at(-1) ?? 0),
    levels: [],
    moments: [],
    ...(every === 1
      ? {}
      : {
          note: `A point covers ${seconds} s: percentiles and failures are its worst second, rates and p50 its mean.`,
        }),
  }));
}

export const timelineEndpoints = ({ timeline }: RunResult): string[] => [
  ...new Set(timeline.series.flatMap(({ endpoint }) => (endpoint === null ? [] : [endpoint]))),
];

function grouped(
  line: TimelineSeries | undefined,
  every: number,
  combine: Combine,
  length: number,
): (number | null)[] {
  return Array.from({ length }, (_, index) => {
    const values = (line?.values.slice(index * every, (index + 1) * every) ?? []).filter(
      (value): value is number => value !== null,
    );
    return values.length === 0 ? null : Number(combine(values).toPrecision(4));
  });
}

const PHASE_TONES = { steady: "good", spike: "second" } as const;

function phaseSpans({ asked }: RunResult, lastSecond: number): Span[] {
  let fromMs = 0;
  return (asked.load?.stages ?? []).flatMap(({ durationMs, phase, step }) => {
    const span = {
      from: fromMs / 1000,
      to: Math.min(lastSecond, (fromMs + durationMs) / 1000),
      name: step === null ? phase : `step ${step}`,
      tone: PHASE_TONES[phase as keyof typeof PHASE_TONES] ?? ("muted" as const),
    };
    fromMs += durationMs;
    return span.from < span.to ? [span] : [];
  });
}

/** The SLA's latency as a line, where it does not make the rest flat. */
export function withSla(charts: readonly Chart[], criteria: readonly JudgedCriterion[]): Chart[] {
  const sla = criteria.find(
    ({ metric, stat, where, kind }) =>
      kind === "client" && metric === "http_req_duration" && stat === "p95" && where.startsWith("all"),
  );
  if (sla === undefined) return [...charts];
  return charts.map((chart) => {
    if (chart.id !== "chart-latency") return chart;
    const highest = chart.series.reduce(
      (most, { values }) => values.reduce<number>((above, value) => Math.max(above, value ?? 0), most),
      0,
    );
    return sla.limit <= 2.5 * highest
      ? { ...chart, levels: [{ value: sla.limit, name: `SLA: p95 ${limitCell(sla)}`, tone: "bad" }] }
      : {
          ...chart,
          note: `${chart.note ?? ""} The SLA (p95 ${limitCell(sla)}) lies above the picture.`.trim(),
        };
  });
}
