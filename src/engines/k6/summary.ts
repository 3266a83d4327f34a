import { z } from "zod";
import type { ClientCriterion } from "../../model/criterion.ts";
import { type MetricRow, QUANTILE_GRID } from "../../model/metric-row.ts";
import { parseSelector } from "../../model/selector.ts";
import { errorKind } from "./exit-codes.ts";
import { compileCriteria, isKeepExpression, type K6Threshold, percentileName } from "./thresholds.ts";

const Metric = z.object({
  type: z.enum(["trend", "rate", "counter", "gauge"]),
  values: z.record(z.string(), z.number().nullable()),
  thresholds: z.record(z.string(), z.object({ ok: z.boolean() })).optional(),
});
interface Group {
  readonly checks: readonly { name: string; passes: number; fails: number }[];
  readonly groups: readonly Group[];
}
const Group: z.ZodType<Group> = z.lazy(() =>
  z.object({
    checks: z.array(z.object({ name: z.string(), passes: z.number(), fails: z.number() })),
    groups: z.array(Group),
  }),
);

/** What scenarios/lib/instrument.ts writes: k6's handleSummary data and how the script's own handleSummary fared. */
export const SummaryFile = z.object({
  ownError: z.string().nullable(),
  data: z.object({
    metrics: z.record(z.string(), Metric),
    state: z.object({ testRunDurationMs: z.number() }),
    root_group: Group,
  }),
});
export type Summary = z.infer<typeof SummaryFile>["data"];

/** Every metric and submetric of the summary that had samples, and those without as rows of 0 samples. */
export function toRows(summary: Summary): MetricRow[] {
  return Object.entries(summary.metrics)
    .filter(([name]) => !COUNTED.test(name) && !OWN_COUNTERS.test(name))
    .map(([name, metric]) => toRow(name, metric))
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);
}

/** Submetrics that only count; they become statusCounts and errors. */
const COUNTED = /^(?:http_reqs\{(status|error_code):(\d+)\}|headroom_hosts.*)$/;
const HOST_SLOT = /^headroom_hosts\{slot:(\w+)\}$/;

/** Requests of a user's own script by the host they went to, the most loaded first. */
export function toHosts(
  { metrics }: Summary,
  hostsOf: (slot: string) => readonly string[],
): { host: string; requests: number }[] {
  return Object.entries(metrics)
    .flatMap(([name, { values }]) => {
      const slot = HOST_SLOT.exec(name)?.[1];
      const requests = values.count ?? 0;
      if (slot === undefined || requests === 0) return [];
      return [{ host: hostsOf(slot).join(" or ") || "unknown", requests }];
    })
    .sort((a, b) => b.requests - a.requests);
}

/** Counted by scenarios/lib/bind.ts; it becomes evidence. */
const OWN_COUNTERS = /^headroom_(without_information|redirected|setup_ms|load_began)\b/;

/** Answers that were expected errors, by endpoint. */
export const toWithoutInformation = (summary: Summary): { endpoint: string; count: number }[] =>
  byEndpoint(summary, "headroom_without_information");

/** Requests that needed a redirect, by endpoint. */
export const toRedirected = (summary: Summary): Map<string, number> =>
  new Map(byEndpoint(summary, "headroom_redirected").map(({ endpoint, count }) => [endpoint, count]));

function byEndpoint(summary: Summary, wanted: string): { endpoint: string; count: number }[] {
  return Object.entries(summary.metrics).flatMap(([selector, { values }]) => {
    const count = values.count ?? 0;
    if (count === 0 || !selector.startsWith(`${wanted}{`)) return [];
    const { name } = parseSelector(selector).tags;
    return name === undefined ? [] : [{ endpoint: name, count }];
  });
}

/** Requests by status, the least first; what is not counted one by one comes last, as null. */
export function toStatusCounts(summary: Summary): { status: number | null; count: number }[] {
  const counts = countsBy(summary, "status");
  const rest = counted(summary, "http_reqs") - counts.reduce((sum, { count }) => sum + count, 0);
  const named = counts.map(({ value, count }) => ({ status: value, count }));
  return rest > 0 ? [...named, { status: null, count: rest }] : named;
}

/** Answers that never came, by kind, the most frequent first. */
export function toErrors(summary: Summary): { kind: string; count: number }[] {
  return countsBy(summary, "error_code")
    .map(({ value, count }) => ({ kind: errorKind(value), count }))
    .sort((a, b) => b.count - a.count);
}

function countsBy(summary: Summary, tag: "status" | "error_code"): { value: number; count: number }[] {
  return Object.entries(summary.metrics)
    .flatMap(([name, { values }]) => {
      const match = COUNTED.exec(name);
      const count = values.count ?? 0;
      return match?.[1] === tag && count > 0 ? [{ value: Number(match[2]), count }] : [];
    })
    .sort((a, b) => a.value - b.value);
}

const QUANTILE_NAMES = QUANTILE_GRID.map(percentileName);

const keyOf = (row: MetricRow) => `${row.metric} ${Object.keys(row.tags).length} ${JSON.stringify(row.tags)}`;

function toRow(selector: string, { type, values }: z.infer<typeof Metric>): MetricRow {
  const { metric, tags } = parseSelector(selector);
  const value = (key: string) => values[key] ?? undefined;
  switch (type) {
    case "trend": {
      const samples = value("count") ?? 0;
      if (samples === 0) return { metric, tags, type, samples };
      const [avg, min, max] = [round(value("avg")), round(value("min")), round(value("max"))];
      if (avg === undefined || min === undefined || max === undefined) return { metric, tags, type, samples };
      const quantiles = QUANTILE_GRID.map((q, at) =>
        q === 0 ? min : q === 1 ? max : (round(value(QUANTILE_NAMES[at] as string)) ?? max),
      );
      return { metric, tags, type, samples, avg, min, max, quantiles };
    }
    case "rate": {
      const samples = (value("passes") ?? 0) + (value("fails") ?? 0);
      const ratio = value("rate");
      return samples === 0 || ratio === undefined
        ? { metric, tags, type, samples }
        : { metric, tags, type, samples, ratio };
    }
    case "counter": {
      const count = value("count") ?? 0;
      return { metric, tags, type, samples: Math.max(0, Math.round(count)), count };
    }
    case "gauge": {
      const last = value("value");
      return last === undefined
        ? { metric, tags, type, samples: 0 }
        : { metric, tags, type, samples: 1, value: last };
    }
  }
}

/** Microseconds are the finest that k6 times. */
const round = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms * 1000) / 1000);

/** k6's own judgement of every threshold that says something, with the criterion it was compiled from. */
export function toEngineThresholds(summary: Summary, criteria: readonly ClientCriterion[]) {
  const compiled = criteria.map((criterion) => {
    const [[selector, [threshold]]] = Object.entries(compileCriteria([criterion])) as [
      [string, [K6Threshold]],
    ];
    return { id: criterion.id, key: `${selector} ${threshold.threshold}` };
  });
  const metrics = Object.entries(summary.metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  return metrics.flatMap(([selector, metric]) =>
    Object.entries(metric.thresholds ?? {})
      .filter(([expression]) => !isKeepExpression(expression))
      .map(([expression, { ok }]) => {
        const criterion = compiled.find(({ key }) => key === `${selector} ${expression}`)?.id ?? null;
        return { criterion, selector, expression, ok };
      }),
  );
}

export function toChecks(group: Group): { name: string; passes: number; fails: number }[] {
  return [
    ...group.checks.map(({ name, passes, fails }) => ({ name, passes, fails })),
    ...group.groups.flatMap(toChecks),
  ];
}

/** How long setup took before the load began, ms; 0 where the script does not say. */
export const setupMsOf = (summary: Summary | null): number =>
  summary?.metrics.headroom_setup_ms?.values.value ?? 0;

/** When the load began, ms since 1970; null where the script does not say. */
export const loadBeganMs = (summary: Summary | null): number | null =>
  summary?.metrics.headroom_load_began?.values.value ?? null;

/** A counter's total, 0 when the complete summary does not have it: k6 leaves out what was never counted. */
export function counted(summary: Summary, metric: string): number {
  return summary.metrics[metric]?.values.count ?? 0;
}
