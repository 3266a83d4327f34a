import { plannedIterations } from "../../scenarios/lib/load.ts";
import type { ClientCriterion } from "../../src/model/criterion.ts";
import { divergence, exceeds } from "./chance.ts";
import type { Flaw } from "./flaws.ts";
import type { Happened } from "./happened.ts";
import { type Cell, meanOver, requestsOf } from "./ledger.ts";
import { likelihood } from "./truth.ts";
import { failedChecks, isFailed, isUnbreakable, type Side } from "./truth-of-criterion.ts";

/** Most of an endpoint's requests that may fail, or be answered wrongly, without a criterion that could break by it. */
const MOST_UNJUDGED = 0.01;

/** Endpoints that were not called as the journey says, that failed unjudged, or whose answers say nothing. */
export function coverageFlaws(
  happened: Happened,
  cells: readonly Cell[],
  criteria: readonly ClientCriterion[],
): Flaw[] {
  const { world } = happened;
  return world.journey.steps.flatMap(({ endpoint }, at) => {
    const own = cells.filter((cell) => cell.endpoint === endpoint && !cell.isHop);
    return [
      ...redirected(own),
      ...callFlaws(happened, at, requestsOf(own)),
      ...unjudgedFlaws(
        own,
        cells,
        criteria,
        world.generator.some(({ kind }) => kind === "files" || kind === "ports"),
      ),
      ...emptyAnswers(own),
    ];
  });
}

/** Chance alone strays so far once in hundreds of thousands; what may be held against it is held from there on. */
const CHANCE_NATS = 11;

function callFlaws({ world, iterationsAtMs, droppedAtMs }: Happened, at: number, called: number): Flaw[] {
  const { plan, journey } = world;
  const iterations = plan.model === "open" ? Math.floor(plannedIterations(plan)) : iterationsAtMs.length;
  const share = shareOf(journey.steps, at);
  const expected = iterations * share;
  // One iteration more or less is begun as the load ends; of what was dropped nothing was asked.
  const least = Math.min(called, expected) + 2 + droppedAtMs.length;
  const isByChance = called > expected - 1 && called < expected + 2;
  const nats = iterations === 0 ? 0 : iterations * divergence(Math.min(1, called / iterations), share);
  if (isByChance || nats < CHANCE_NATS) return [];
  const isSeldom =
    exceeds(1 - least / iterations, iterations, 1 - share / 2) === "yes" || (called === 0 && nats > 20);
  return [
    {
      name: called === 0 ? "not-called" : called < expected ? "called-too-seldom" : "called-too-often",
      is: isSeldom ? "yes" : "either",
      codes: [
        "endpoint-not-called",
        "endpoint-called-too-seldom",
        "endpoint-called-too-often",
        "load-not-delivered",
      ],
      excuses: false,
    },
  ];
}

/** Probability that an iteration takes a step where the target gives what earlier steps are to give. */
function shareOf(steps: Happened["world"]["journey"]["steps"], at: number): number {
  const { path, share = 1 } = steps[at] as (typeof steps)[number];
  const needed = /\{(\w+)Id\}/.exec(path)?.[1];
  const giver = steps.findIndex(({ endpoint }) => endpoint === needed);
  return needed === undefined || giver < 0 ? share : share * shareOf(steps, giver);
}

function unjudgedFlaws(
  own: readonly Cell[],
  all: readonly Cell[],
  criteria: readonly ClientCriterion[],
  lacksSockets: boolean,
): Flaw[] {
  if (own.length === 0) return [];
  const n = requestsOf(own);
  const share = (
    side: Side,
    bad: (outcome: Parameters<typeof isFailed>[0], cell: Cell) => boolean,
    covers: typeof failuresCovered,
  ) =>
    meanOver(own, (cell) =>
      criteria.some((criterion) => covers(criterion, cell, own, all))
        ? 0
        : likelihood(cell.behaviour[side], (outcome) => bad(outcome, cell)),
    );
  const isWrong = (outcome: Parameters<typeof isFailed>[0], cell: Cell) =>
    !isFailed(outcome, cell) && cell.checksContent && failedChecks(outcome, cell, "is right") === 1;
  const judged = (name: string, code: string, bad: typeof isWrong, covers: typeof failuresCovered): Flaw => {
    const [service, seen] = (["service", "seen"] as const).map((side) =>
      exceeds(share(side, bad, covers), n, MOST_UNJUDGED),
    );
    const is = service === "yes" ? "yes" : seen === "no" && !lacksSockets ? "no" : "either";
    return { name, is, codes: [code], excuses: false };
  };
  return [
    judged("failures-unjudged", "failures-unjudged", isFailed, failuresCovered),
    judged("checks-unjudged", "checks-unjudged", isWrong, checksCovered),
  ];
}

/** A failed answer fails its status check with it, and what else is checked of it. */
function failuresCovered(criterion: ClientCriterion, cell: Cell, own: readonly Cell[], all: readonly Cell[]) {
  if (criterion.metric === "http_req_failed")
    return couldBreak(
      criterion,
      cell,
      own,
      all,
      () => 1,
      () => 1,
    );
  const { check } = criterion.tags;
  if (criterion.metric !== "checks" || check?.endsWith("is right")) return false;
  return couldBreak(criterion, cell, own, all, check === undefined ? checksOf : () => 1, checksOf);
}

/** What is wrong with an answer that counts as correct fails one check of it. */
function checksCovered(criterion: ClientCriterion, cell: Cell, own: readonly Cell[], all: readonly Cell[]) {
  if (criterion.metric !== "checks" || criterion.tags.check?.includes("status is")) return false;
  return couldBreak(criterion, cell, own, all, () => 1, checksOf);
}

const checksOf = ({ checksContent }: Cell) => (checksContent ? 2 : 1);

/** Whether the criterion looks at these requests, and would break if every request of the endpoint went wrong. */
function couldBreak(
  criterion: ClientCriterion,
  cell: Cell,
  own: readonly Cell[],
  all: readonly Cell[],
  wrongs: (cell: Cell) => number,
  samples: (cell: Cell) => number,
): boolean {
  const { tags, phase, bound, metric } = criterion;
  if (isUnbreakable(criterion)) return false;
  if (tags.name !== undefined && tags.name !== cell.endpoint) return false;
  if (tags.check !== undefined && !tags.check.startsWith(`${cell.endpoint}: `)) return false;
  if (phase !== null && cell.phase !== phase) return false;
  const sumOver = (cells: readonly Cell[], of: (cell: Cell) => number) =>
    cells.reduce(
      (sum, one) => sum + (one.isHop || (phase !== null && one.phase !== phase) ? 0 : one.requests * of(one)),
      0,
    );
  const population =
    tags.check !== undefined ? sumOver(own, () => 1) : sumOver(tags.name === undefined ? all : own, samples);
  return sumOver(own, wrongs) / population > (metric === "checks" ? 1 - bound.value : bound.value);
}

/** Requests that had to be made twice, the first of which is neither failed nor timed by the service. */
function redirected(own: readonly Cell[]): Flaw[] {
  const share = meanOver(own, (cell) =>
    likelihood(cell.behaviour.seen, (outcome) => outcome.redirected && !isFailed(outcome, cell)),
  );
  const any = meanOver(own, (cell) => likelihood(cell.behaviour.seen, (outcome) => outcome.redirected));
  const codes = ["redirected", "failures-unjudged", "endpoint-called-too-often"];
  if (any === 0) return [];
  // Those that lead to a failure are requests too many, and the failure's.
  const is = exceeds(share, requestsOf(own), 0.01);
  return [{ name: "redirected", is: is === "yes" ? "yes" : "either", codes, excuses: true }];
}

/** Statuses that count as correct and say that nothing is there. */
function emptyAnswers(own: readonly Cell[]): Flaw[] {
  const empty = meanOver(own, (cell) =>
    likelihood(cell.behaviour.seen, (outcome) => outcome.status >= 400 && !isFailed(outcome, cell)),
  );
  if (empty === 0) return [];
  const n = requestsOf(own);
  // More than a tenth is said, most is no evidence at all.
  const is = exceeds(empty, n, 0.5) === "yes" ? "yes" : exceeds(empty, n, 0.1) === "no" ? "no" : "either";
  return [{ name: "empty-answers", is, codes: ["answers-without-information"], excuses: false }];
}
