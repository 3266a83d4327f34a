import { z } from "zod";

/**
 * One series of an answer. Samples that are NaN or infinite are left out and gaps stay gaps: times are those of
 * real samples, ascending, ms.
 */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** How many moments had an infinite value, which is no number to compute with and no sign that all is well. */
  readonly infinite?: number;
}

export interface QueryResult {
  readonly series: readonly Series[];
  /** What the server says beside the answer, such as that it is truncated or partial. */
  readonly warnings: readonly string[];
}

const Labels = z.record(z.string(), z.string());
// Points are checked where they are read: a schema on each of a hundred thousand takes longer than the query.
const Points = z.array(z.unknown());

const Answer = z.object({
  status: z.literal("success"),
  warnings: z.array(z.string()).optional(),
  infos: z.array(z.string()).optional(),
  isPartial: z.boolean().optional(),
  data: z.discriminatedUnion("resultType", [
    z.object({
      resultType: z.literal("matrix"),
      result: z.array(z.object({ metric: Labels, values: Points })),
    }),
    z.object({
      resultType: z.literal("vector"),
      result: z.array(z.object({ metric: Labels, value: z.unknown() })),
    }),
    z.object({ resultType: z.literal("scalar"), result: z.unknown() }),
  ]),
});

/** The API's answer, or null when it is something else: HTML, half a JSON, another result type, bad points. */
export function parseAnswer(body: unknown): QueryResult | null {
  const parsed = Answer.safeParse(body);
  return parsed.success ? toResult(parsed.data) : null;
}

/** The answer to a range query, or null; an instant's value is not taken for a history. */
export function parseRange(body: unknown): QueryResult | null {
  const parsed = Answer.safeParse(body);
  return parsed.success && parsed.data.data.resultType === "matrix" ? toResult(parsed.data) : null;
}

function toResult({ data, warnings = [], isPartial }: z.infer<typeof Answer>): QueryResult | null {
  const series = toSeries(data);
  if (series === null) return null;
  return { series, warnings: isPartial ? [...warnings, "the answer is partial"] : warnings };
}

function toSeries(data: z.infer<typeof Answer>["data"]): Series[] | null {
  const read = (labels: Record<string, string>, points: readonly unknown[]) => readPoints(labels, points);
  const all =
    data.resultType === "matrix"
      ? data.result.map(({ metric, values }) => read(metric, values))
      : data.resultType === "vector"
        ? data.result.map(({ metric, value }) => read(metric, [value]))
        : [read({}, [data.result])];
  return all.every((series) => series !== null) ? all : null;
}

/** What a sample says that measured nothing, such as a ratio of 0 to 0. Source: Prometheus HTTP API, result formats. */
const NO_NUMBER = /^(NaN|[+-]?Inf)$/;

/** Null for text that is no number; an empty one is not 0. */
export function decimal(text: string): number | null {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** No date lies beyond (ECMAScript, time values). */
const LAST_SECOND = 8.64e12;

/** `[seconds, "value"]` pairs; unsorted or repeated times are put in order, the last said counting. */
function readPoints(labels: Record<string, string>, points: readonly unknown[]): Series | null {
  const timesMs = new Float64Array(points.length);
  const values = new Float64Array(points.length);
  let count = 0;
  let infinite = 0;
  let isSorted = true;
  for (const point of points) {
    if (!Array.isArray(point) || typeof point[0] !== "number" || typeof point[1] !== "string") return null;
    if (Math.abs(point[0]) > LAST_SECOND) return null;
    if (point[1].endsWith("Inf")) infinite++;
    if (NO_NUMBER.test(point[1])) continue;
    const value = decimal(point[1]);
    if (value === null) return null;
    timesMs[count] = point[0] * 1000;
    values[count] = value;
    if (count > 0 && (timesMs[count] as number) <= (timesMs[count - 1] as number)) isSorted = false;
    count++;
  }
  const series = {
    labels,
    timesMs: timesMs.slice(0, count),
    values: values.slice(0, count),
    ...(infinite > 0 ? { infinite } : {}),
  };
  return isSorted ? series : inOrder(series);
}

function inOrder({ labels, timesMs, values, infinite }: Series): Series {
  const byTime = new Map<number, number>();
  timesMs.forEach((timeMs, index) => {
    byTime.set(timeMs, values[index] as number);
  });
  const sorted = [...byTime].sort(([a], [b]) => a - b);
  return {
    labels,
    ...(infinite === undefined ? {} : { infinite }),
    timesMs: Float64Array.from(sorted, ([timeMs]) => timeMs),
    values: Float64Array.from(sorted, ([, value]) => value),
  };
}

/** Answers of consecutive windows as one: series with the same labels are joined, in the order given. */
export function joinResults(results: readonly QueryResult[]): QueryResult {
  const parts = new Map<string, Series[]>();
  for (const series of results.flatMap((result) => result.series)) {
    const key = JSON.stringify(Object.entries(series.labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    parts.set(key, [...(parts.get(key) ?? []), series]);
  }
  const series = [...parts.values()].map((same) =>
    same.length === 1 ? (same[0] as Series) : joinSeries(same),
  );
  return { series, warnings: [...new Set(results.flatMap(({ warnings }) => warnings))] };
}

function joinSeries(parts: readonly Series[]): Series {
  const length = parts.reduce((sum, { values }) => sum + values.length, 0);
  const joined: Series = {
    labels: (parts[0] as Series).labels,
    timesMs: new Float64Array(length),
    values: new Float64Array(length),
  };
  let at = 0;
  let isSorted = true;
  for (const { timesMs, values } of parts) {
    if (at > 0 && timesMs.length > 0 && (timesMs[0] as number) <= (joined.timesMs[at - 1] as number))
      isSorted = false;
    joined.timesMs.set(timesMs, at);
    joined.values.set(values, at);
    at += values.length;
  }
  return isSorted ? joined : inOrder(joined);
}
