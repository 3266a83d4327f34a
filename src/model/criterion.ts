import type { Phase } from "../../scenarios/lib/load.ts";
import type { Interval } from "./interval.ts";

/** How samples become one number. Quantiles are fractions: 0.95, not 95. */
export type Statistic =
  | { readonly kind: "quantile"; readonly q: number }
  | { readonly kind: "avg" | "min" | "max" | "rate" | "count" | "value" | "last" };

export type Operator = "<=" | "<" | ">=" | ">";

export interface Bound {
  readonly operator: Operator;
  /** In the metric's unit: ms for durations, a ratio for rates. */
  readonly value: number;
}

/** A gate criterion decides the verdict; a warn criterion is reported beside it. */
export type Severity = "gate" | "warn";

export interface ClientCriterion {
  readonly kind: "client";
  readonly id: string;
  /** k6's name of the metric. */
  readonly metric: string;
  /** Tags its samples carry; `name` is the endpoint. */
  readonly tags: Readonly<Record<string, string>>;
  readonly phase: Phase | null;
  readonly stat: Statistic;
  readonly bound: Bound;
  readonly severity: Severity;
  /** Stops the run once the bound is broken, not before this many ms of it. */
  readonly abortAfterMs: number | null;
  /** Load shapes it applies to; null for all. */
  readonly shapes: readonly string[] | null;
  readonly why: string;
}

export interface ServerCriterion {
  readonly kind: "server";
  readonly id: string;
  /** PromQL; `$window` stands for the length of the run. */
  readonly query: string;
  readonly unit: string;
  /** How the values over the run become one; the worst series counts. */
  readonly stat: Statistic;
  readonly bound: Bound;
  readonly severity: Severity;
  readonly shapes: readonly string[] | null;
  readonly why: string;
}

export type Criterion = ClientCriterion | ServerCriterion;

/** How much worse than a baseline is too much. */
export interface RegressionCriterion {
  readonly kind: "regression";
  readonly id: string;
  readonly metric: ComparedMetric;
  /** "each": all requests together and every endpoint by itself; null: all requests; else one endpoint. */
  readonly endpoint: string | null;
  /** null: the steady phase where the load has one, else the whole run. */
  readonly phase: Phase | null;
  readonly stat: Statistic;
  /** Least change for the worse that counts: relative, or for a ratio in its own points. */
  readonly worse: number;
  /** And least change in ms; 0 where the metric is no time. */
  readonly byMs: number;
  readonly severity: Severity;
  readonly shapes: readonly string[] | null;
  readonly why: string;
}

/** Metrics whose timeline says how steady they were. */
export const COMPARED_METRICS = ["http_req_duration", "http_req_failed", "http_reqs"] as const;
export type ComparedMetric = (typeof COMPARED_METRICS)[number];

export const EACH_ENDPOINT = "each";

/** A thresholds file, understood. */
export interface Thresholds {
  readonly system: string;
  readonly client: readonly ClientCriterion[];
  readonly server: readonly ServerCriterion[];
  /** Empty: the usual ones apply when a baseline is given. */
  readonly regression: readonly RegressionCriterion[];
}

/** `p95`, `p99.9`, `avg`, `rate` … or null when it is none of them. */
export function parseStatistic(text: string): Statistic | null {
  const quantile = /^p(\d{1,2}(?:\.\d+)?)$/.exec(text);
  if (quantile) return { kind: "quantile", q: Number((Number(quantile[1]) / 100).toFixed(6)) };
  if (text === "med") return { kind: "quantile", q: 0.5 };
  const kinds = ["avg", "min", "max", "rate", "count", "value", "last"] as const;
  const kind = kinds.find((known) => known === text);
  return kind === undefined ? null : { kind };
}

export function formatStatistic(stat: Statistic): string {
  return stat.kind === "quantile" ? `p${Number((stat.q * 100).toFixed(4))}` : stat.kind;
}

export function holds(bound: Bound, observed: number): boolean {
  switch (bound.operator) {
    case "<=":
      return observed <= bound.value;
    case "<":
      return observed < bound.value;
    case ">=":
      return observed >= bound.value;
    case ">":
      return observed > bound.value;
  }
}

/** Whether a bound keeps from below: a value may be greater, not less. */
export const isFloor = ({ operator }: Pick<Bound, "operator">): boolean =>
  operator === ">=" || operator === ">";

/** Whether one end of an interval holds the bound and the other breaks it. */
export const straddles = (bound: Bound, { low, high }: Interval): boolean =>
  holds(bound, low) !== holds(bound, high);

/** The share of wrong ones that a bound on a ratio lets pass: at most so many failures, all but so many checks. */
export const toleratedShare = (bound: Bound): number => (isFloor(bound) ? 1 - bound.value : bound.value);

/**
 * Whether a criterion speaks of a run: of its load shape, and of a phase the load has. A load that is not known (a
 * script of the user's own) may have any phase.
 */
export function appliesTo(
  criterion: Criterion,
  scenario: string,
  load: { readonly stages: readonly { readonly phase: Phase }[] } | null,
): boolean {
  if (criterion.shapes !== null && !criterion.shapes.includes(scenario)) return false;
  return load === null || !lacksPhase(criterion, load);
}

/** Whether a criterion is about a phase that the load does not have. */
export function lacksPhase(
  criterion: Criterion,
  load: { readonly stages: readonly { readonly phase: Phase }[] },
): boolean {
  if (criterion.kind === "server" || criterion.phase === null) return false;
  return load.stages.every(({ phase }) => phase !== criterion.phase);
}

/** `detect · steady`, or `all requests`: where a client criterion looks. */
export function whereOf(criterion: Criterion): string {
  if (criterion.kind === "server") return "server";
  const { name, ...tags } = criterion.tags;
  const others = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  const parts = [name ?? "all", ...others, ...(criterion.phase ? [criterion.phase] : [])];
  return parts.join(" · ");
}
