import { isWithoutInformation } from "../../scenarios/lib/answers.ts";
import type { Journey, Step } from "../../scenarios/lib/journey.ts";
import type { World } from "./world.ts";

/** Steps as requests number them; the login, which is none of an iteration, comes last. */
export const stepsOf = ({ steps, login }: Journey): Step[] =>
  login === undefined ? [...steps] : [...steps, login];
/** Of what is sent before or after the load. */
export const NO_STAGE = -1;

export interface Sent {
  /** Index of the step. */
  readonly at: number;
  /** Index of the stage that the iteration began in. */
  readonly stage: number;
  readonly atMs: number;
  readonly durationMs: number;
  readonly status: number;
  readonly error: number;
  readonly failed: boolean;
  readonly limited: boolean;
  readonly isBlank: boolean;
  /** A redirect, which is a request of its own beside the one that it leads to. */
  readonly isHop: boolean;
  /** Some check of the answer did not hold. */
  readonly isWrong: boolean;
}

/** Everything that took place, for the engines' files and for the oracle. */
export class Happened {
  readonly world: World;
  readonly requests: Sent[] = [];
  /** Names of all checks, the endpoint they belong to, and how often each held by stage. */
  readonly checks: {
    readonly name: string;
    readonly at: number;
    readonly held: number[];
    readonly broke: number[];
  }[] = [];
  readonly iterationsAtMs: number[] = [];
  readonly droppedAtMs: number[] = [];
  exceptions = 0;
  /** Iterations that still waited when the time to finish was over. */
  unfinished = 0;
  /** The login was refused, and there was no load. */
  setupFailed = false;
  usersSeen = 0;
  /** When the last that was waited for was over. */
  lastMs = 0;

  constructor(world: World) {
    this.world = world;
  }

  check(name: string, at: number): number {
    // One more, for what belongs to no stage.
    const none = () => [...this.world.plan.stages, null].map(() => 0);
    return this.checks.push({ name, at, held: none(), broke: none() }) - 1;
  }

  checked(check: number, stage: number, holds: boolean): void {
    const counts = this.checks[check] as (typeof this.checks)[number];
    const list = holds ? counts.held : counts.broke;
    const index = stage === NO_STAGE ? list.length - 1 : stage;
    list[index] = (list[index] as number) + 1;
  }

  answer(sent: Sent): void {
    this.requests.push(sent);
    this.lastMs = Math.max(this.lastMs, sent.atMs + sent.durationMs);
  }

  iterate(endMs: number): void {
    this.iterationsAtMs.push(endMs);
    this.lastMs = Math.max(this.lastMs, endMs);
  }

  drop(atMs: number): void {
    this.droppedAtMs.push(atMs);
  }
}

/** By endpoint, answers whose checks all held, and others. */
export function answersOf({ world, requests }: Happened): Map<string, { passes: number; fails: number }> {
  const steps = stepsOf(world.journey);
  const counts = new Map<string, { passes: number; fails: number }>();
  for (const { at, isHop, isWrong } of requests) {
    if (isHop) continue;
    const { endpoint } = steps[at] as Step;
    const own = counts.get(endpoint) ?? { passes: 0, fails: 0 };
    counts.set(endpoint, own);
    own[isWrong ? "fails" : "passes"]++;
  }
  return counts;
}

/** By endpoint, requests that were answered as expected behind a redirect. */
export function redirectsOf({ world, requests }: Happened): Map<string, number> {
  const counts = new Map<string, number>();
  const steps = stepsOf(world.journey);
  requests.forEach(({ at, isHop }, index) => {
    if (!isHop || requests[index + 1]?.failed !== false) return;
    const { endpoint } = steps[at] as Step;
    counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
  });
  return counts;
}

/** By endpoint, answers whose status is an error's and counts as correct. */
export function emptyAnswersOf({ world, requests }: Happened): Map<string, number> {
  const steps = stepsOf(world.journey);
  const counts = new Map<string, number>();
  for (const { at, status } of requests) {
    const step = steps[at] as Step;
    if (isWithoutInformation(step, status)) counts.set(step.endpoint, (counts.get(step.endpoint) ?? 0) + 1);
  }
  return counts;
}
