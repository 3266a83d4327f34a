import type { LoadPlan } from "../../../scenarios/lib/load.ts";
import { type ClientCriterion, formatStatistic } from "../../model/criterion.ts";
import { QUANTILE_GRID } from "../../model/metric-row.ts";
import { selectorOf, tagsOf } from "../../model/selector.ts";

/** As scenarios/lib/hosts.ts has them, which only k6 can load. */
const [HOSTS, TARGET_SLOT, SLOTS] = ["headroom_hosts", "target", 32];

export interface K6Threshold {
  readonly threshold: string;
  readonly abortOnFail?: boolean;
  readonly delayAbortEval?: string;
}
export type K6Thresholds = Record<string, K6Threshold[]>;

/** True of any sample: makes k6 keep a submetric without judging it. */
const KEEP: Record<string, string> = { http_req_duration: "max>=0", http_req_failed: "rate>=0" };

export function isKeepExpression(expression: string): boolean {
  return Object.values(KEEP).includes(expression) || expression === "count>=0";
}

/** k6's name of a quantile: 0.95 is `p(95)`. */
export function percentileName(q: number): string {
  return `p(${formatStatistic({ kind: "quantile", q }).slice(1)})`;
}

/** Every statistic the summary keeps of a trend. */
export const TREND_STATS: readonly string[] = [
  "count",
  "avg",
  "min",
  "max",
  ...QUANTILE_GRID.slice(1, -1).map(percentileName),
];

/**
 * The criteria as k6 thresholds. k6 divides a counter's rate by the length of the whole run, so a rate per second
 * within a phase cannot be said to it and is left to Headroom.
 */
export function compileCriteria(criteria: readonly ClientCriterion[]): K6Thresholds {
  const thresholds: K6Thresholds = {};
  for (const criterion of criteria) {
    const selector = selectorOf(criterion.metric, tagsOf(criterion));
    const list = thresholds[selector] ?? [];
    thresholds[selector] = list;
    const isCounterRate =
      criterion.stat.kind === "rate" && ["http_reqs", "iterations"].includes(criterion.metric);
    if (isCounterRate) {
      list.push({ threshold: "count>=0" });
      continue;
    }
    const threshold = `${statisticOf(criterion)}${criterion.bound.operator}${criterion.bound.value}`;
    list.push(
      criterion.abortAfterMs === null
        ? { threshold }
        : { threshold, abortOnFail: true, delayAbortEval: `${criterion.abortAfterMs}ms` },
    );
  }
  return thresholds;
}

function statisticOf({ stat }: ClientCriterion): string {
  return stat.kind === "quantile" ? percentileName(stat.q) : stat.kind;
}

/** Counted one by one; any other status is counted as the rest. 0: no answer came. */
export const COUNTED_STATUSES: readonly number[] = [
  0, 200, 201, 202, 204, 206, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429,
  500, 501, 502, 503, 504,
];
/** k6's codes of answers that never came (lib/netext/httpext/error_codes.go). */
export const COUNTED_ERRORS: readonly number[] = [
  1000, 1010, 1050, 1100, 1101, 1110, 1111, 1200, 1201, 1202, 1210, 1211, 1212, 1213, 1220, 1300, 1310, 1311,
  1600,
];

/**
 * Thresholds that make k6 count requests by status and by error. Measured on 25,000 requests/s: submetrics of
 * http_reqs cost nothing that can be seen, the dashboard's `tag=status&tag=error_code` a tenth of the throughput.
 */
export function keepCounts(): K6Thresholds {
  const kept: K6Thresholds = {};
  for (const status of COUNTED_STATUSES)
    kept[selectorOf("http_reqs", { status: String(status) })] = [{ threshold: "count>=0" }];
  for (const code of COUNTED_ERRORS)
    kept[selectorOf("http_reqs", { error_code: String(code) })] = [{ threshold: "count>=0" }];
  return kept;
}

/** Submetric that counts an endpoint's answers that were expected errors. */
export const withoutInformationSelector = (endpoint: string) =>
  selectorOf("headroom_without_information", { name: endpoint });

/** Thresholds that make k6 count the expected errors of the endpoints that have some. */
export function keepExpectedErrors(endpoints: readonly string[]): K6Thresholds {
  return Object.fromEntries(
    endpoints.map((endpoint) => [withoutInformationSelector(endpoint), [{ threshold: "count>=0" }]]),
  );
}

/** Thresholds that make k6 keep apart what scenarios/lib/bind.ts counts: redirects by endpoint. */
export function keepRedirects(endpoints: readonly string[]): K6Thresholds {
  return Object.fromEntries(
    endpoints.map((name) => [selectorOf("headroom_redirected", { name }), [{ threshold: "count>=0" }]]),
  );
}

/** Thresholds that make k6 keep the requests of a user's own script by host (scenarios/lib/hosts.ts). */
export function keepHosts(): K6Thresholds {
  const slots = [TARGET_SLOT, ...Array.from({ length: SLOTS }, (_, slot) => String(slot))];
  return Object.fromEntries(slots.map((slot) => [selectorOf(HOSTS, { slot }), [{ threshold: "count>=0" }]]));
}

/** Thresholds that make k6 count a rate limiter's answers by phase and step (scenarios/lib/bind.ts tells them). */
export function keepLimited(plan: LoadPlan): K6Thresholds {
  const tags = plan.stages.flatMap(({ phase, step }) => [
    { phase },
    ...(step === null ? [] : [{ step: String(step) }]),
  ]);
  return Object.fromEntries(
    tags.map((one) => [selectorOf("headroom_limited", one), [{ threshold: "count>=0" }]]),
  );
}

/** Thresholds that make k6 keep durations and failures per endpoint, per phase and per step. */
export function keepBreakdown(endpoints: readonly string[], plan: LoadPlan | null): K6Thresholds {
  const kept: K6Thresholds = {};
  const keep = (tags: Record<string, string>) => {
    for (const metric of ["http_req_duration", "http_req_failed"]) {
      kept[selectorOf(metric, tags)] = [{ threshold: KEEP[metric] as string }];
    }
  };
  const phases = [...new Set((plan?.stages ?? []).map((stage) => stage.phase))];
  const steps = [
    ...new Set((plan?.stages ?? []).flatMap((stage) => (stage.step === null ? [] : [String(stage.step)]))),
  ];
  for (const name of endpoints) keep({ name });
  for (const phase of phases) {
    keep({ phase });
    for (const name of endpoints) keep({ name, phase });
  }
  for (const step of steps) {
    keep({ step });
    for (const name of endpoints) keep({ name, step });
  }
  return kept;
}

/** Both, each selector's list joined. */
export function joinThresholds(...all: readonly K6Thresholds[]): K6Thresholds {
  const joined: K6Thresholds = {};
  for (const thresholds of all) {
    for (const [selector, list] of Object.entries(thresholds))
      joined[selector] = [...(joined[selector] ?? []), ...list];
  }
  return joined;
}
