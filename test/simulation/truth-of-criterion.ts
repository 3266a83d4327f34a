import type { ClientCriterion } from "../../src/model/criterion.ts";
import { type Answered, both, exceeds } from "./chance.ts";
import { type Cell, meanOver, requestsOf } from "./ledger.ts";
import type { Outcome } from "./target.ts";
import { likelihood, slowerThan } from "./truth.ts";
import type { World } from "./world.ts";

/** Which of a behaviour's outcomes: the service's own, or those that pass what stands in front of it. */
export type Side = "service" | "seen";

export interface Truth {
  readonly id: string;
  readonly broken: Record<Side, Answered>;
  /** Whether the samples that there were could show it. */
  readonly shown: Answered;
  readonly requests: number;
  /** Of a criterion on failures: the true share as it is seen; NaN for others. */
  readonly share: number;
}

export const isFailed = ({ status }: Outcome, { expected }: Cell) => !expected.includes(status);

/** Of an answer's checks, the share that fail: its status, and its content where that is looked at. */
export function failedChecks(outcome: Outcome, cell: Cell, check: string | undefined): number {
  const status = isFailed(outcome, cell) ? 1 : 0;
  const content = outcome.body === "good" || outcome.body === "no-items" ? 0 : 1;
  if (check !== undefined) return check.endsWith("is right") ? content : status;
  return cell.checksContent ? (status + content) / 2 : status;
}

/** k6 times to the microsecond, the embedded engine to three digits. */
const ROUNDING = 0.003;
/** A rank more or less than a quantile's, as statistics are defined this way or that. */
const RANKS = 1.5;

/** What is true of a gate criterion of the world, and whether enough was sent to tell. */
export function truthOf(criterion: ClientCriterion, cells: readonly Cell[], world: World): Truth {
  const { check, name, ...others } = criterion.tags;
  // A redirect is not checked.
  const metricHasHops = criterion.metric !== "checks";
  const chosen =
    Object.keys(others).length > 0
      ? []
      : cells.filter(
          (cell) =>
            (metricHasHops || !cell.isHop) &&
            (name === undefined || cell.endpoint === name) &&
            (check === undefined || check.startsWith(`${cell.endpoint}: `)) &&
            (criterion.phase === null || cell.phase === criterion.phase),
        );
  const answered = chosen.filter(({ isHop }) => !isHop);
  const requests = requestsOf(answered);
  const of = (side: Side) =>
    requests === 0 ? "either" : brokenBy(criterion, side === "seen" ? chosen : answered, side, world);
  const broken = { service: of("service"), seen: of("seen") };
  const share =
    criterion.metric === "http_req_failed"
      ? meanOver(chosen, (cell) => likelihood(cell.behaviour.seen, (outcome) => isFailed(outcome, cell)))
      : Number.NaN;
  return {
    id: criterion.id,
    broken,
    shown: shownBy(criterion, requests, broken.service, world),
    requests,
    share,
  };
}

function brokenBy(criterion: ClientCriterion, cells: readonly Cell[], side: Side, world: World): Answered {
  const n = requestsOf(cells);
  const { metric, stat, bound, tags } = criterion;
  const limit = bound.value;
  const mean = (of: (outcome: Outcome, cell: Cell) => number | boolean) =>
    meanOver(cells, (cell) => likelihood(cell.behaviour[side], (outcome) => of(outcome, cell)));
  if (metric === "http_req_failed") return exceeds(mean(isFailed), n, limit);
  if (metric === "checks")
    return exceeds(
      mean((outcome, cell) => failedChecks(outcome, cell, tags.check)),
      n,
      1 - limit,
    );
  if (metric === "http_reqs") return throughputBroken(criterion, n, world);
  const slower = (ms: number) => mean((outcome) => slowerThan(outcome, ms));
  const [least, most] = [slower(limit * (1 + ROUNDING)), slower(limit * (1 - ROUNDING))];
  if (stat.kind === "max") return least * n >= 20 ? "yes" : most === 0 ? "no" : "either";
  const share = 1 - (stat.kind === "quantile" ? stat.q : 0.5);
  const [sure, possible] = [least, most].map((slow) => exceeds(slow, n, share, RANKS / n)) as [
    Answered,
    Answered,
  ];
  return sure === "yes" ? "yes" : possible === "no" ? "no" : "either";
}

/** What arrives follows from the load; only faults lessen it, and what they do to it is another criterion's. */
function throughputBroken({ bound, phase }: ClientCriterion, n: number, { plan }: World): Answered {
  if (bound.value === 0) return "no";
  const seconds = plan.stages.reduce(
    (sum, stage) => sum + (phase === null || stage.phase === phase ? stage.durationMs / 1000 : 0),
    0,
  );
  return n / seconds > bound.value * 1.05 ? "no" : "either";
}

/** −ln 0.025: with one sample fewer, the 95% interval has no end on the side of the limit. */
const NATS_95 = 3.6889;
/** Wilson's and Clopper & Pearson's ends differ by about so much where nothing was seen. */
const METHODS = 0.12;

/** Numbers of samples as docs/methods.md states them. */
function shownBy(criterion: ClientCriterion, requests: number, broken: Answered, world: World): Answered {
  if (requests === 0 || isUnbreakable(criterion) || isOutOfReach(criterion, world)) return "no";
  const { stat, bound, metric } = criterion;
  if (stat.kind === "quantile")
    return requests >= Math.ceil(NATS_95 / -Math.log(Math.max(stat.q, 1 - stat.q))) ? "yes" : "no";
  if (stat.kind !== "rate" || metric === "http_reqs") return "yes";
  const needed = NATS_95 / -Math.log1p(-(metric === "checks" ? 1 - bound.value : bound.value));
  if (requests > needed * (1 + METHODS)) return "yes";
  // Several checks of one answer may be counted as several samples, though they hold or fail together.
  if (metric === "checks" && requests > needed / 2) return "either";
  // Too few to show that it holds may be enough to show that it does not.
  return requests < needed * (1 - METHODS) && broken !== "yes" ? "no" : "either";
}

/** What no answers could break. */
export function isUnbreakable({ metric, stat, bound: { operator, value } }: ClientCriterion): boolean {
  const isCeiling = operator === "<=" || operator === "<";
  if (stat.kind === "count" || metric === "http_reqs") return !isCeiling && value <= 0;
  if (metric !== "http_req_failed" && metric !== "checks") return !isCeiling && value <= 0;
  return isCeiling ? value >= 1 : value <= 0;
}

/** A rate that the load never offers. */
const isOutOfReach = ({ metric, bound }: ClientCriterion, { plan }: World) =>
  metric === "http_reqs" && plan.model === "open" && bound.value > plan.peak;

export const allNo = (truths: readonly Truth[], side: Side): boolean =>
  truths.every(({ broken }) => both(broken[side], "yes") === "no");
