import { plannedIterations } from "../../scenarios/lib/load.ts";
import type { ClientCriterion } from "../../src/model/criterion.ts";
import type { Answered } from "./chance.ts";
import { exceeds } from "./chance.ts";
import { coverageFlaws } from "./coverage.ts";
import type { Happened } from "./happened.ts";
import { type Cell, meanOver, requestsOf } from "./ledger.ts";
import { likelihood } from "./truth.ts";
import type { GeneratorFaultKind } from "./world.ts";

/** Something by which the run does not prove what it is asked to. */
export interface Flaw {
  readonly name: string;
  /** yes: no run of this world may pass; either: it may be seen or not. */
  readonly is: Answered;
  /** The reasons that may be given for it. */
  readonly codes: readonly string[];
  /** Whether the target's own criteria may look broken by it although they are not. */
  readonly excuses: boolean;
}

/** Everything that is wrong with a run beside the target's criteria; those that are not there left out. */
export function flawsOf(
  happened: Happened,
  cells: readonly Cell[],
  criteria: readonly ClientCriterion[],
): Flaw[] {
  return [
    ...generatorFlaws(happened),
    ...deliveryFlaws(happened),
    ...limiterFlaws(cells),
    ...coverageFlaws(happened, cells, criteria),
  ].filter(({ is }) => is !== "no");
}

/** A run that was cut short lacks whatever would have come. */
const CUT = [
  "load-not-delivered",
  "no-iterations",
  "no-data",
  "endpoint-not-called",
  "endpoint-called-too-seldom",
];
const CODES: Partial<Record<GeneratorFaultKind, readonly string[]>> = {
  cpu: ["generator-saturated"],
  // What was due while it stood still is made afterwards, maybe in another phase.
  stall: [
    "generator-stalled",
    "iterations-dropped",
    "users-exhausted",
    "endpoint-called-too-often",
    "endpoint-called-too-seldom",
    "endpoint-not-called",
  ],
  exceptions: ["exceptions"],
  killed: ["summary-missing", ...CUT],
  crash: ["engine-exit", ...CUT],
  aborted: ["engine-exit", ...CUT],
  "marked-failed": ["script-marked-failed"],
  interrupted: ["interrupted", "generators-unended", ...CUT],
  "summary-failed": ["summary-failed"],
  overdue: ["engine-exit"],
  "generator-missing": ["generators-missing", "load-not-delivered"],
  "generator-unended": ["generators-unended"],
  "generator-repeated": ["generators-repeated"],
  "generators-apart": ["generators-apart"],
  "samples-lost": ["samples-missing"],
  files: [
    "generator-exhausted",
    "failures-unjudged",
    "checks-unjudged",
    "endpoint-called-too-seldom",
    "endpoint-not-called",
  ],
};
const EXCUSING: readonly GeneratorFaultKind[] = [
  "cpu",
  "stall",
  "files",
  "ports",
  "killed",
  "crash",
  "aborted",
  "interrupted",
  "overdue",
];

function generatorFlaws(happened: Happened): Flaw[] {
  return happened.world.generator
    .filter(({ kind }) => kind !== "late")
    .map(({ kind, amount }) => ({
      name: kind,
      is: isSeen(kind, amount, happened),
      codes: CODES[kind === "ports" ? "files" : kind] ?? [],
      excuses: EXCUSING.includes(kind) || happened.world.engine === "several",
    }));
}

/** By the limits that docs/methods.md states. */
function isSeen(
  kind: GeneratorFaultKind,
  amount: number,
  { world, requests, exceptions, lastMs }: Happened,
): Answered {
  switch (kind) {
    case "cpu": {
      const seconds = Math.max(1, Math.floor(lastMs / 1000));
      const share = Math.ceil(amount * seconds) / seconds;
      return seconds >= 3 && share > 0.12 ? "yes" : share < 0.08 ? "no" : "either";
    }
    case "stall":
      // One at the very end may have nothing after it that shows it.
      return amount >= 2 && world.plan.totalMs > 12_000 ? "yes" : "either";
    case "files":
    case "ports":
      return exceeds(amount, requests.length, 0.001) === "yes" ? "yes" : "either";
    case "exceptions":
      return exceptions > 0 ? "yes" : "no";
    case "generators-apart":
      return amount > 2 ? "yes" : "no";
    default:
      return "yes";
  }
}

const DELAYING = ["hangs", "slow", "drift", "pauses", "limiter", "resets", "dead"];

/** Iterations that were due and were not made. What was not is a fact; that it was planted is asked as well. */
function deliveryFlaws({
  world,
  iterationsAtMs,
  droppedAtMs,
  setupFailed,
  unfinished,
  lastMs,
}: Happened): Flaw[] {
  const flaws: Flaw[] = [];
  const add = (name: string, is: Answered, codes: string[], excuses = false) =>
    flaws.push({ name, is, codes, excuses });
  if (setupFailed) add("login-refused", "yes", ["engine-exit", ...CUT], true);
  const drops = ["iterations-dropped", "users-exhausted", ...CUT];
  const isPlanted =
    world.target.some(({ kind }) => DELAYING.includes(kind)) ||
    world.generator.some(({ kind }) => kind === "late" || kind === "stall");
  if (!isPlanted) return flaws;
  if (droppedAtMs.length > 0) add("dropped", "yes", drops);
  // Of k6 only the run's length tells it: one that ended just in time looks like one that did not.
  const isAtTheEdge = lastMs > world.plan.totalMs + 29_000;
  if (unfinished > 0 || isAtTheEdge) add("unfinished", "either", [...drops, "iterations-unfinished"]);
  const planned = world.plan.model === "open" ? Math.floor(plannedIterations(world.plan)) : null;
  const missing = planned === null ? 0 : planned - iterationsAtMs.length;
  if (planned !== null && missing > 0)
    add("undelivered", missing > 2 && missing > 0.015 * planned ? "yes" : "either", drops);
  if (iterationsAtMs.length === 0) add("no-iterations", "yes", drops);
  return flaws;
}

const MOST_LIMITED = 0.01;

function limiterFlaws(cells: readonly Cell[]): Flaw[] {
  const limited = meanOver(cells, ({ behaviour }) =>
    likelihood(behaviour.seen, (outcome) => outcome.limited),
  );
  if (limited === 0) return [];
  const is = exceeds(limited, requestsOf(cells), MOST_LIMITED);
  return [{ name: "limiter", is, codes: ["rate-limited"], excuses: true }];
}
