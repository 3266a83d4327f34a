import { WRONG_ANSWERS } from "../../scenarios/lib/answers.ts";
import type { Summary } from "../../src/engines/k6/summary.ts";
import { type K6Thresholds, percentileName, TREND_STATS } from "../../src/engines/k6/thresholds.ts";
import { parseSelector } from "../../src/model/selector.ts";
import { emptyAnswersOf, type Happened, NO_STAGE, redirectsOf, type Sent, stepsOf } from "./happened.ts";

type Metric = Summary["metrics"][string];
type Values = Record<string, number>;

/** What k6 passes to handleSummary: every metric that had samples, and every submetric that a threshold names. */
export function k6Summary(happened: Happened, thresholds: K6Thresholds): Summary {
  const { requests, world } = happened;
  const durationMs = Math.max(1, happened.lastMs);
  const builder = new Submetrics(happened, durationMs);
  const metrics: Record<string, Metric> = {};
  const add = (selector: string, metric: Metric | null) => {
    if (metric !== null) metrics[selector] = metric;
  };
  for (const base of [
    "http_reqs",
    "http_req_duration",
    "http_req_failed",
    "checks",
    WRONG_ANSWERS,
    "iterations",
  ])
    if (requests.length > 0 || base === "iterations") add(base, builder.metric(base, {}));
  const counters = {
    dropped_iterations: happened.droppedAtMs.length,
    headroom_exceptions: happened.exceptions,
    headroom_limited: requests.filter(({ limited }) => limited).length,
  };
  for (const [name, count] of Object.entries(counters))
    if (count > 0) add(name, { type: "counter", values: { count, rate: count / (durationMs / 1000) } });
  const { usersSeen } = happened;
  add("vus_max", {
    type: "gauge",
    values: { value: usersSeen, min: Math.min(usersSeen, world.plan.preAllocatedUsers), max: usersSeen },
  });
  for (const [selector, list] of Object.entries(thresholds)) {
    const { metric: name, tags } = parseSelector(selector);
    const metric = metrics[selector] ?? builder.metric(name, tags);
    if (metric === null) continue;
    metrics[selector] = {
      ...metric,
      thresholds: Object.fromEntries(
        list.map(({ threshold }) => [threshold, { ok: isMet(threshold, metric.values) }]),
      ),
    };
  }
  const checks = happened.checks
    .map(({ name, held, broke }) => ({ name, passes: sum(held), fails: sum(broke) }))
    .filter(({ passes, fails }) => passes + fails > 0);
  return { metrics, state: { testRunDurationMs: durationMs }, root_group: { checks, groups: [] } };
}

const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);

const OPERATORS: Record<string, (a: number, b: number) => boolean> = {
  "<=": (a, b) => a <= b,
  "<": (a, b) => a < b,
  ">=": (a, b) => a >= b,
  ">": (a, b) => a > b,
};

/** As k6 judges: a statistic without samples is 0. */
function isMet(threshold: string, values: Metric["values"]): boolean {
  const [, stat = "", operator = "", limit] = /^([^<>=]+)(<=|>=|<|>)(.+)$/.exec(threshold) ?? [];
  return OPERATORS[operator]?.(values[stat] ?? 0, Number(limit)) ?? true;
}

/** Requests of one step in one stage. */
interface Cell {
  readonly at: number;
  readonly stage: number;
  readonly durations: number[];
  failed: number;
  limited: number;
  /** Without redirects on the way. */
  answered: number;
  wrong: number;
}

function cellsOf(requests: readonly Sent[]): Cell[] {
  const cells = new Map<number, Cell>();
  for (const { at, stage, durationMs, failed, limited, isHop, isWrong } of requests) {
    const place = at * 100 + stage;
    const cell = cells.get(place) ?? {
      at,
      stage,
      durations: [],
      failed: 0,
      limited: 0,
      answered: 0,
      wrong: 0,
    };
    cells.set(place, cell);
    cell.durations.push(durationMs);
    if (failed) cell.failed++;
    if (limited) cell.limited++;
    if (!isHop) cell.answered++;
    if (isWrong) cell.wrong++;
  }
  return [...cells.values()];
}

const countOf = (cells: readonly Cell[]) =>
  cells.reduce((count, { durations }) => count + durations.length, 0);

class Submetrics {
  readonly #happened: Happened;
  readonly #seconds: number;
  readonly #cells: readonly Cell[];
  readonly #empty: ReadonlyMap<string, number>;
  readonly #redirected: ReadonlyMap<string, number>;
  readonly #byStatus = new Map<number, number>();
  readonly #byError = new Map<number, number>();

  constructor(happened: Happened, durationMs: number) {
    this.#happened = happened;
    this.#seconds = durationMs / 1000;
    this.#empty = emptyAnswersOf(happened);
    this.#redirected = redirectsOf(happened);
    this.#cells = cellsOf(happened.requests);
    for (const { status, error } of happened.requests) {
      increment(this.#byStatus, status);
      // Of what its machine refuses k6 knows one code.
      increment(this.#byError, error < 0 ? 1213 : error);
    }
  }

  /** null: a metric that k6 does not have. */
  metric(name: string, tags: Record<string, string>): Metric | null {
    switch (name) {
      case "http_reqs":
        return this.#counter(this.#requestCount(tags));
      case "headroom_without_information":
        return this.#counter(this.#empty.get(tags.name ?? "") ?? 0);
      case "headroom_limited":
        return this.#counter(sum(this.#select(tags).map(({ limited }) => limited)));
      case "headroom_redirected":
        return this.#counter(this.#redirected.get(tags.name ?? "") ?? 0);
      case "iterations":
        return this.#counter(this.#happened.iterationsAtMs.length);
      case "http_req_duration":
      case "http_req_waiting":
        return { type: "trend", values: trendOf(this.#select(tags)) };
      case "http_req_failed": {
        const cells = this.#select(tags);
        return rateOf(sum(cells.map(({ failed }) => failed)), countOf(cells));
      }
      case WRONG_ANSWERS: {
        const cells = this.#select(tags);
        const answered = sum(cells.map(({ answered }) => answered));
        return rateOf(sum(cells.map(({ wrong }) => wrong)), answered);
      }
      case "checks":
        return this.#checks(tags);
      default:
        return null;
    }
  }

  #counter(count: number): Metric {
    return { type: "counter", values: { count, rate: count / this.#seconds } };
  }

  #requestCount({ status, error_code, ...tags }: Record<string, string>): number {
    if (status !== undefined) return this.#byStatus.get(Number(status)) ?? 0;
    if (error_code !== undefined) return this.#byError.get(Number(error_code)) ?? 0;
    return countOf(this.#select(tags));
  }

  #select(tags: Record<string, string>): Cell[] {
    const steps = stepsOf(this.#happened.world.journey);
    const at = tags.name === undefined ? null : steps.findIndex(({ endpoint }) => endpoint === tags.name);
    const stages = this.#stagesOf(tags);
    if (Object.keys(tags).some((key) => !["name", "phase", "step"].includes(key))) return [];
    return this.#cells.filter(
      (cell) => (at === null || cell.at === at) && (stages === null || stages.has(cell.stage)),
    );
  }

  #stagesOf({ phase, step }: Record<string, string>): ReadonlySet<number> | null {
    if (phase === undefined && step === undefined) return null;
    const fits = this.#happened.world.plan.stages.flatMap((stage, at) =>
      (phase === undefined || stage.phase === phase) && (step === undefined || String(stage.step) === step)
        ? [at]
        : [],
    );
    return new Set(fits);
  }

  #checks(tags: Record<string, string>): Metric {
    const stages = this.#stagesOf(tags);
    const names = stepsOf(this.#happened.world.journey).map(({ endpoint }) => endpoint);
    const counted = (list: readonly number[]) =>
      sum(
        list.filter(
          (_, stage) => stages === null || stages.has(stage === list.length - 1 ? NO_STAGE : stage),
        ),
      );
    const chosen = this.#happened.checks.filter(
      ({ name, at }) =>
        (tags.check === undefined || tags.check === name) &&
        (tags.name === undefined || names[at] === tags.name),
    );
    const passes = sum(chosen.map(({ held }) => counted(held)));
    return rateOf(passes, passes + sum(chosen.map(({ broke }) => counted(broke))));
  }
}

const increment = (map: Map<number, number>, key: number) => map.set(key, (map.get(key) ?? 0) + 1);

const rateOf = (trues: number, all: number): Metric => ({
  type: "rate",
  values: { rate: all === 0 ? 0 : trues / all, passes: trues, fails: all - trues },
});

const PERCENTILES: readonly (readonly [string, number])[] = TREND_STATS.filter((stat) =>
  stat.startsWith("p("),
).map((stat) => [stat, Number(stat.slice(2, -1)) / 100]);

/** Quantiles in a straight line between order statistics, as k6's TrendSink has them. */
function trendOf(cells: readonly Cell[]): Values {
  const count = countOf(cells);
  const values: Values = { count, avg: 0, min: 0, max: 0, [percentileName(0.5)]: 0 };
  if (count === 0) return values;
  const sorted = new Float64Array(count);
  let filled = 0;
  for (const { durations } of cells) {
    sorted.set(durations, filled);
    filled += durations.length;
  }
  sorted.sort();
  values.min = sorted[0] as number;
  values.max = sorted[count - 1] as number;
  values.avg = sorted.reduce((total, ms) => total + ms, 0) / count;
  for (const [name, q] of PERCENTILES) {
    const at = q * (count - 1);
    const [low, high] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
    values[name] = low + (high - low) * (at - Math.floor(at));
  }
  return values;
}
