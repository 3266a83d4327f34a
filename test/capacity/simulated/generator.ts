import { isExpected } from "../../../scenarios/lib/answers.ts";
import { type Step, setupSteps } from "../../../scenarios/lib/journey.ts";
import { type LoadPlan, stageAt } from "../../../scenarios/lib/load.ts";
import { extractedNames, placeholdersOf } from "../../../scenarios/lib/variables.ts";
import type { ProbeOrder } from "../../../src/capacity/prober.ts";
import type { Measured } from "../../../src/capacity/step.ts";
import { assemble } from "../../../src/engines/embedded/assemble.ts";
import { Recorder } from "../../../src/engines/embedded/recorder.ts";
import { newTally } from "../../../src/engines/embedded/tally.ts";
import { seededRandom } from "../../../src/stats/random.ts";
import { arrivalsOf } from "../../simulation/arrivals.ts";
import { Agenda } from "./agenda.ts";
import type { Server } from "./server.ts";
import type { World } from "./world.ts";

/** k6 and the embedded engine let those who wait finish for so long. */
const GRACE_MS = 30_000;

interface Iteration {
  readonly known: Set<string>;
  readonly phase: string;
  readonly step: string | null;
  next: number;
}
type Event =
  | { readonly kind: "arrive" }
  | { readonly kind: "go-on"; readonly iteration: Iteration }
  | {
      readonly kind: "answer";
      readonly iteration: Iteration;
      readonly taken: Taken;
      readonly sentMs: number;
      readonly status: number;
    };
interface Taken {
  readonly step: Step;
  readonly needs: readonly string[];
  readonly gives: readonly string[];
}

/** Makes a load against a server in virtual time; the embedded engine's own recorder keeps what came of it. */
export class Generator {
  readonly #world: World;
  readonly #server: Server;
  readonly #random: () => number;
  readonly #steps: readonly Taken[];
  readonly #begin: readonly string[];
  /** Virtual ms since the search began. */
  nowMs = 0;

  constructor(world: World, server: Server) {
    this.#world = world;
    this.#server = server;
    this.#random = seededRandom(world.seed * 104_729 + 2);
    this.#steps = world.journey.steps.map((step) => ({
      step,
      needs: placeholdersOf(step.path),
      gives: extractedNames(step),
    }));
    const prepared = setupSteps(world.journey).flatMap(extractedNames);
    this.#begin = [...Object.keys(world.journey.vars ?? {}), ...prepared];
  }

  load({ plan, signal, onSecond }: Pick<ProbeOrder, "plan" | "signal" | "onSecond">): Measured {
    const isK6 = this.#world.engine === "k6";
    // The engine's own start, and how far its seconds lie from the load's.
    this.nowMs += isK6 ? 2000 : 200;
    const beganMs = this.nowMs;
    const run = new Run(plan, isK6 ? (this.#random() - 0.5) * 900 : 0);
    const agenda = new Agenda<Event>();
    const arrivals = arrivalsOf(plan, !isK6);
    const nextArrival = () => {
      const { value, done } = arrivals.next();
      if (!done) agenda.add(value, { kind: "arrive" });
    };
    nextArrival();
    let [second, isCut] = [1, false];
    // k6's record begins before its load.
    const lead = isK6 ? Math.floor(this.#random() * 3) : 0;
    for (; agenda.nextMs < plan.totalMs + GRACE_MS && !isCut; ) {
      for (; second * 1000 <= Math.min(agenda.nextMs, plan.totalMs) && !isCut; second++) {
        run.tick(second * 1000);
        const last = isK6 ? run.before : run.last;
        if (last) onSecond({ seconds: second + lead - Number(isK6), ...last });
        isCut = signal.aborted;
      }
      if (isCut) break;
      const atMs = agenda.nextMs;
      const event = agenda.take();
      if (event.kind === "arrive") {
        nextArrival();
        if (run.busy >= plan.maxUsers) run.drop(atMs);
        else this.#goOn(atMs, run.begin(atMs, this.#begin), run, agenda, beganMs);
      } else if (event.kind === "go-on") this.#goOn(atMs, event.iteration, run, agenda, beganMs);
      else this.#answered(atMs, event, run, agenda, beganMs);
    }
    const lengthMs = isCut ? (second - 1) * 1000 : plan.totalMs;
    this.nowMs = beganMs + Math.max(lengthMs, Math.min(run.lastMs, plan.totalMs + GRACE_MS));
    return run.end(lengthMs, isCut);
  }

  /** The next step that the iteration takes, or its end. */
  #goOn(atMs: number, iteration: Iteration, run: Run, agenda: Agenda<Event>, beganMs: number): void {
    for (; iteration.next < this.#steps.length; iteration.next++) {
      const taken = this.#steps[iteration.next] as Taken;
      const can = taken.needs.every((name) => iteration.known.has(name));
      if (!can || this.#random() >= (taken.step.share ?? 1)) continue;
      iteration.next++;
      const { doneMs, status } = this.#server.serve(beganMs + atMs, taken.step.endpoint);
      agenda.add(doneMs - beganMs, { kind: "answer", iteration, taken, sentMs: atMs, status });
      return;
    }
    run.finish(atMs);
  }

  #answered(
    atMs: number,
    { iteration, taken, sentMs, status }: Extract<Event, { kind: "answer" }>,
    run: Run,
    agenda: Agenda<Event>,
    beganMs: number,
  ): void {
    const failed = !isExpected(taken.step, status === 200 ? (taken.step.expect?.[0] ?? 200) : status);
    run.answer(atMs, iteration, taken.step.endpoint, status, atMs - sentMs, failed);
    if (!failed) for (const name of taken.gives) iteration.known.add(name);
    const pauseMs = (taken.step.pauseSeconds ?? 0) * 1000;
    if (pauseMs > 0) agenda.add(atMs + pauseMs, { kind: "go-on", iteration });
    else this.#goOn(atMs, iteration, run, agenda, beganMs);
  }
}

/** What came of one load. */
class Run {
  readonly #plan: LoadPlan;
  readonly #offsetMs: number;
  readonly #recorder = new Recorder();
  readonly #counts = { started: 0, finished: 0, dropped: 0 };
  busy = 0;
  lastMs = 0;
  last: Second | null = null;
  before: Second | null = null;

  constructor(plan: LoadPlan, offsetMs: number) {
    this.#plan = plan;
    this.#offsetMs = offsetMs;
  }

  begin(atMs: number, known: readonly string[]): Iteration {
    const { phase, step } = stageAt(this.#plan, atMs);
    this.#counts.started++;
    this.busy++;
    return { known: new Set(known), phase, step: step === null ? null : String(step), next: 0 };
  }

  drop(atMs: number): void {
    this.#counts.dropped++;
    this.#recorder.count(this.#at(atMs), "dropped");
  }

  finish(atMs: number): void {
    this.#counts.finished++;
    this.busy--;
    this.lastMs = atMs;
    this.#recorder.count(this.#at(atMs), "iterations");
  }

  answer(
    atMs: number,
    { phase, step }: Iteration,
    endpoint: string,
    status: number,
    durationMs: number,
    failed: boolean,
  ): void {
    this.lastMs = atMs;
    this.#recorder.answer(this.#at(atMs), {
      ...{ endpoint, phase, step, status, durationMs, failed, limited: false },
    });
  }

  tick(atMs: number): void {
    const last = this.#recorder.last(this.#at(atMs));
    this.before = this.last;
    this.last =
      last === null
        ? null
        : {
            requestsPerSecond: last.requests,
            p95Ms: last.p95Ms,
            failedRatio: last.requests > 0 ? last.failed / last.requests : null,
          };
    this.#recorder.users(this.#at(atMs), this.busy);
    this.#recorder.flush(this.#at(atMs));
  }

  end(durationMs: number, isCut: boolean): Measured {
    this.#recorder.flush(Math.max(durationMs, this.#at(durationMs)));
    const seconds = Math.floor(durationMs / 1000);
    return assemble({
      version: "9.0.0",
      plan: this.#plan,
      startedAt: new Date(0),
      endedAt: new Date(durationMs),
      durationMs,
      failure: null,
      interrupted: isCut,
      abortedByCriterion: false,
      iterations: this.#counts,
      usersSeen: this.#plan.maxUsers,
      recorder: this.#recorder,
      tally: newTally(),
      refusedHosts: [],
      watch: { cores: 1, cpu: new Array(seconds).fill(0.2), stalledMs: 3 },
      log: [],
    });
  }

  #at = (atMs: number) => Math.max(0, atMs + this.#offsetMs);
}

interface Second {
  readonly requestsPerSecond: number;
  readonly p95Ms: number | null;
  readonly failedRatio: number | null;
}
