import { formatNumber, formatQuantity, type Unit } from "../../model/unit.ts";

/** A picture as data: the page draws it as SVG for everyone, the script again with uPlot for those who point at it. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly x: {
    /** Seconds since the start, days as seconds since 1970 (UTC), or plain numbers. */
    readonly kind: "elapsed" | "day" | "number";
    readonly label: string;
    /** Ascending. */
    readonly values: readonly number[];
  };
  readonly y: { readonly label: string; readonly unit: ChartUnit };
  readonly series: readonly Series[];
  /** Other values of the same series, by name: one endpoint's instead of all requests'. */
  readonly variants?: Readonly<Record<string, readonly (readonly (number | null)[])[]>>;
  readonly spans: readonly Span[];
  readonly levels: readonly Level[];
  readonly moments: readonly Moment[];
  /** What a reader should know of how it was drawn. */
  readonly note?: string;
}

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** `range` is the area between this series and the next one. */
  readonly shape: "line" | "dashed" | "points" | "range" | "range-end";
  readonly tone: Tone;
}

/** Colours by meaning; the style sheet says which, for light and dark. */
export type Tone = "first" | "second" | "third" | "good" | "bad" | "muted";

/** A stretch of x, shaded. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly tone: Tone;
}

/** A height, such as the SLA. */
export interface Level {
  readonly value: number;
  readonly name: string;
  readonly tone: Tone;
}

/** A place on x, such as the day something runs out. */
export interface Moment {
  readonly at: number;
  readonly name: string;
  readonly tone: Tone;
}

/** Least and greatest value that must be seen; y begins at 0 unless values lie below it. */
export function rangeOf({ series, levels }: Pick<Chart, "series" | "levels">): [number, number] {
  const values = [
    ...series.flatMap((one) => one.values.filter((value): value is number => value !== null)),
    ...levels.map(({ value }) => value),
  ];
  // Not Math.max(...values): a long run has more values than a call has room for.
  const highest = values.reduce((most, value) => Math.max(most, value), 0);
  const lowest = values.reduce((least, value) => Math.min(least, value), 0);
  return [lowest, highest > lowest ? highest * 1.12 : lowest + 1];
}

/** Text of an x value. */
export function formatX(value: number, kind: Chart["x"]["kind"]): string {
  if (kind === "day") return new Date(value * 1000).toISOString().slice(0, 10);
  if (kind === "number") return String(Number(value.toPrecision(3)));
  const seconds = Math.round(value);
  const pad = (part: number) => String(part).padStart(2, "0");
  const clock = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return seconds < 3600 ? clock.replace(/^0/, "") : `${Math.floor(seconds / 3600)}:${clock}`;
}

const SIZES = ["KiB", "MiB", "GiB", "TiB"] as const;
/** Bytes are drawn in the unit people would say them in, so that the axis has round numbers. */
export type ChartUnit = Unit | (typeof SIZES)[number];

const isSize = (unit: ChartUnit): unit is (typeof SIZES)[number] => SIZES.some((size) => size === unit);

/** Text of a y value. */
export const formatY = (value: number, unit: ChartUnit): string =>
  isSize(unit) ? `${formatNumber(value)} ${unit}` : formatQuantity(value, unit);

/** A chart of bytes as one of MiB or whatever suits its greatest value. */
export function inReadableUnit(chart: Chart): Chart {
  if (chart.y.unit !== "bytes") return chart;
  const [, highest] = rangeOf(chart);
  const power = Math.max(1, Math.min(SIZES.length, Math.floor(Math.log2(Math.max(1, highest)) / 10)));
  const by = 1024 ** power;
  const scaled = (values: Series["values"]) => values.map((value) => (value === null ? null : value / by));
  return {
    ...chart,
    y: { ...chart.y, unit: SIZES[power - 1] ?? "bytes" },
    series: chart.series.map((one) => ({ ...one, values: scaled(one.values) })),
    levels: chart.levels.map((level) => ({ ...level, value: level.value / by })),
  };
}
