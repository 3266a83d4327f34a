import { checksOf, isExpected, isRateLimited } from "../../scenarios/lib/answers.ts";
import type { Answer, Step } from "../../scenarios/lib/journey.ts";
import { stageAt } from "../../scenarios/lib/load.ts";
import { extractVars, isTaken } from "../../scenarios/lib/variables.ts";
import { arrivalsOf, closedUsersOf } from "./arrivals.ts";
import type { Draw } from "./draw.ts";
import { Happened, NO_STAGE, stepsOf } from "./happened.ts";
import { Machine } from "./machine.ts";
import { type Body, FURTHEST, type Outcome, Target } from "./target.ts";
import type { World } from "./world.ts";

/** k6's graceful stop: who is still at work when the load is over may go on for so long. */
const GRACE_MS = 30_000;
/** Least time of an iteration that meets nobody: a connection that is refused takes its time, too. */
const LEAST_MS = 20;

/** A redirect on the way to the answer. */
const HOP = { isHop: true, status: 307, error: 0, failed: true, limited: false, isWrong: false } as const;

interface Prepared {
  readonly step: Step;
  readonly at: number;
  readonly checks: readonly (readonly [number, (answer: Answer) => boolean])[];
  readonly variables: readonly string[];
}

/** Lets a world happen: every iteration of the journey at its virtual time, as a generator would make it. */
export function walk(world: World, draw: Draw): Happened {
  return new Walk(world, draw).run();
}

class Walk {
  readonly #world: World;
  readonly #draw: Draw;
  readonly #target: Target;
  readonly #happened: Happened;
  readonly #machine: Machine;
  readonly #steps: readonly Prepared[];
  /** Nothing that ends later is seen: the load was interrupted, or the last waited for too long. */
  readonly #cutMs: number;

  constructor(world: World, draw: Draw) {
    this.#world = world;
    this.#draw = draw;
    this.#target = new Target(world);
    this.#machine = new Machine(world, draw);
    this.#happened = new Happened(world);
    this.#steps = stepsOf(world.journey).map((step, at) => ({
      step,
      at,
      checks: Object.entries(checksOf(step)).map(([name, holds]) => [this.#happened.check(name, at), holds]),
      variables: [...step.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string),
    }));
    this.#cutMs = this.#machine.endsMs ?? world.plan.totalMs + GRACE_MS;
  }

  run(): Happened {
    const { plan } = this.#world;
    const untilMs = this.#machine.endsMs ?? plan.totalMs;
    const happened = this.#happened;
    if (!this.#logIn()) return happened;
    if (plan.model === "open") this.#arrive(untilMs);
    else
      for (const { fromMs, toMs } of closedUsersOf(plan))
        for (let atMs = fromMs; atMs < Math.min(toMs, untilMs); )
          atMs = Math.max(atMs + LEAST_MS, this.#iterate(atMs));
    happened.lastMs = this.#machine.endsMs ?? Math.max(plan.totalMs, Math.min(this.#cutMs, happened.lastMs));
    if (plan.model === "closed") happened.usersSeen = plan.maxUsers;
    return happened;
  }

  /** Before the load; without it there is none. */
  #logIn(): boolean {
    const { journey } = this.#world;
    if (journey.login === undefined) return true;
    const login = this.#steps.at(-1) as Prepared;
    const answer = this.#take(login, 0, NO_STAGE, false);
    this.#happened.setupFailed = answer === null || !isExpected(journey.login, answer.status);
    return !this.#happened.setupFailed;
  }

  /** A user who is free begins; without one, another is taken on up to the most; else the iteration is dropped. */
  #arrive(untilMs: number): void {
    const { plan } = this.#world;
    const busyUntil: number[] = [];
    let users = Math.max(1, plan.preAllocatedUsers);
    for (const due of arrivalsOf(plan, this.#world.engine === "autocannon")) {
      if (due >= untilMs) break;
      const atMs = this.#machine.awakeAt(due);
      let free = busyUntil.findIndex((endMs) => endMs <= atMs);
      if (free < 0 && busyUntil.length < users) free = busyUntil.length;
      if (free < 0 && users < plan.maxUsers) {
        users++;
        free = busyUntil.length;
      }
      if (free < 0 || this.#machine.isLate()) this.#happened.drop(due);
      else busyUntil[free] = this.#iterate(atMs);
    }
    this.#happened.usersSeen = users;
  }

  /** @returns when it is over */
  #iterate(beginMs: number): number {
    const stage = this.#world.plan.stages.indexOf(stageAt(this.#world.plan, beginMs));
    let vars: Readonly<Record<string, string>> = this.#world.journey.vars ?? {};
    let atMs = beginMs;
    for (const prepared of this.#steps) {
      const { step } = prepared;
      if (step === this.#world.journey.login || !isTaken(step, vars, this.#draw.uniform())) continue;
      const isBlank = prepared.variables.some((name) => vars[name] === "none");
      const answer = this.#take(prepared, atMs, stage, isBlank);
      if (answer === null) return this.#leave();
      if (step.extract) vars = { ...vars, ...extractVars(step, answer) };
      atMs += answer.durationMs + (step.pauseSeconds ?? 0) * 1000;
    }
    if (atMs > this.#cutMs) return this.#leave();
    if (this.#machine.throws()) this.#happened.exceptions++;
    this.#happened.iterate(atMs);
    return atMs;
  }

  #leave(): number {
    this.#happened.unfinished++;
    this.#happened.lastMs = this.#cutMs;
    return this.#cutMs;
  }

  /** One request; null where it was cut off. */
  #take(prepared: Prepared, atMs: number, stage: number, isBlank: boolean): Answer | null {
    const { step, at } = prepared;
    const second = Math.floor(atMs / 1000);
    const { seen } = this.#target.at(step.endpoint, second, isBlank);
    const outcome = this.#machine.outcomeOf(choose(seen, this.#draw));
    const hopMs = outcome.redirected && outcome.status !== 0 ? 1 : 0;
    const durationMs = this.#machine.timed(atMs, durationOf(outcome, this.#draw));
    if (atMs + hopMs + durationMs > this.#cutMs) return null;
    if (hopMs > 0) this.#happened.answer({ at, stage, isBlank, ...HOP, atMs, durationMs: hopMs });
    const answer = answerOf(outcome, durationMs);
    const failed = !isExpected(step, outcome.status);
    const limited = isRateLimited(outcome.status, answer.header);
    let isWrong = false;
    for (const [check, holds] of prepared.checks) {
      const isHeld = holds(answer);
      isWrong ||= !isHeld;
      this.#happened.checked(check, stage, isHeld);
    }
    const { status, error } = outcome;
    this.#happened.answer({
      at,
      stage,
      isBlank,
      isHop: false,
      atMs: atMs + hopMs,
      durationMs,
      status,
      error,
      failed,
      limited,
      isWrong,
    });
    return answer;
  }
}

function choose(outcomes: readonly Outcome[], draw: Draw): Outcome {
  if (outcomes.length === 1) return outcomes[0] as Outcome;
  let roll = draw.uniform();
  for (const outcome of outcomes) {
    roll -= outcome.probability;
    if (roll < 0) return outcome;
  }
  return outcomes.at(-1) as Outcome;
}

function durationOf({ medianMs, sigma }: Outcome, draw: Draw): number {
  if (sigma === 0) return medianMs;
  return medianMs * Math.exp(sigma * Math.max(-FURTHEST, Math.min(FURTHEST, draw.normal())));
}

const BODIES: Record<Body, Readonly<Record<string, unknown>>> = {
  good: { ok: true, "items.0.id": "a1", token: "t" },
  "no-items": { ok: true },
  wrong: { ok: false, "items.0.id": "a1" },
  page: {},
  none: {},
};

function answerOf(outcome: Outcome, durationMs: number): Answer {
  const body = BODIES[outcome.body];
  return {
    status: outcome.status,
    durationMs,
    json: (path) => body[path ?? ""],
    header: (name) => (outcome.limited && name === "retry-after" ? "1" : undefined),
  };
}
