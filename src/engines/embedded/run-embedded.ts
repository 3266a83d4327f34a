import { isExpected } from "../../../scenarios/lib/answers.ts";
import type { Journey, Step } from "../../../scenarios/lib/journey.ts";
import { type LoadPlan, plannedIterations, stageAt, targetAt } from "../../../scenarios/lib/load.ts";
import { type Session, startVars } from "../../../scenarios/lib/session.ts";
import { extractVars } from "../../../scenarios/lib/variables.ts";
import { messageOf } from "../../model/problem.ts";
import type { LoadOrder, Measurement } from "../engine.ts";
import { SelfWatch } from "../self-watch.ts";
import { findBroken } from "./abort.ts";
import { assemble, rowsOf } from "./assemble.ts";
import { Crew, REQUEST_TIMEOUT_SECONDS } from "./crew.ts";
import { Elsewhere } from "./elsewhere.ts";
import { prepareSession } from "./prepare-session.ts";
import { Recorder } from "./recorder.ts";
import { newTally } from "./tally.ts";
import type { User } from "./user-pool.ts";
import { iterate, type Journeying, take } from "./virtual-user.ts";

/** Users still waiting when the load is over may finish within this time, as in k6. */
const GRACEFUL_STOP_MS = 30_000;
/** How often arrivals are due: finer than the latencies of interest, coarser than a busy loop. */
const PACE_MS = 2;
/** How often criteria that may stop the run are looked at; k6's own period. */
const ABORT_CHECK_MS = 2000;
const KEPT_LINES = 20;

interface Order {
  readonly journey: Journey;
  readonly plan: LoadPlan;
  readonly target: string;
  readonly order: LoadOrder;
  readonly version: string;
}
type Vars = Readonly<Record<string, string>>;

/** Runs a journey's load through autocannon's connections and gathers what it measured. */
export async function runEmbedded(given: Order): Promise<Measurement> {
  return await new EmbeddedRun(given).measure();
}

class EmbeddedRun {
  readonly #given: Order;
  readonly #crew: Crew;
  readonly #elsewhere: Elsewhere;
  readonly #recorder = new Recorder();
  readonly #tally = newTally();
  readonly #log: string[] = [];
  #watch = new SelfWatch(0);
  #startMs = performance.now();
  #started = 0;
  #finished = 0;
  #dropped = 0;
  #isOver = false;
  #isAborted = false;
  /** Why the run could not begin. */
  #failure: string | null = null;
  #stop: () => void = () => {};

  constructor(given: Order) {
    this.#given = given;
    this.#crew = new Crew(given.target, given.plan.preAllocatedUsers, given.plan.maxUsers);
    this.#elsewhere = new Elsewhere(new URL(given.target), given.order.reach, REQUEST_TIMEOUT_SECONDS);
  }

  #elapsed = () => performance.now() - this.#startMs;
  #isCutShort = () => this.#isAborted || this.#given.order.signal.aborted;

  async measure(): Promise<Measurement> {
    const startedAt = new Date();
    const session = await this.#begin();
    this.#startMs = performance.now();
    const durationMs = session === null ? 0 : await this.#drive(session);
    const { logout } = this.#given.journey;
    if (logout && session) await this.#ask(logout, session.vars);
    await Promise.all([this.#crew.close(), this.#elsewhere.close()]);
    return this.#assemble(startedAt, durationMs);
  }

  /** Login and preparation; null when the login failed, because then nothing can be measured. */
  async #begin(): Promise<Session | null> {
    const { journey, order } = this.#given;
    const vars = startVars(journey, order.env.HEADROOM_TOKEN);
    const session = await this.#logIn(vars);
    if (session === null) return null;
    return await prepareSession(journey, session, this.#ask, (text) => this.#log.push(text));
  }

  async #logIn(vars: Vars): Promise<Vars | null> {
    const { login } = this.#given.journey;
    if (!login) return vars;
    const answer = await this.#ask(login, vars);
    if (isExpected(login, answer.status)) return { ...vars, ...extractVars(login, answer) };
    this.#failure = `login answered ${answer.status || "nothing"}`;
    return null;
  }

  /** One step outside of the load. */
  #ask = (step: Step, vars: Vars) =>
    this.#crew.ask((user) => take(user, step, vars, this.#journeying(null, null)));

  /** Starts iterations as the plan asks until it is over, interrupted or aborted; resolves with its length. */
  async #drive(session: Session): Promise<number> {
    const { plan, order } = this.#given;
    const send = () => (plan.model === "open" ? this.#arrive(session) : this.#populate(session));
    const timers = [setInterval(send, PACE_MS), setInterval(() => this.#checkAborts(), ABORT_CHECK_MS)];
    this.#watch = new SelfWatch(this.#elapsed());
    const second = setInterval(() => this.#everySecond(), 1000);
    await new Promise<void>((resolve) => {
      const end = setTimeout(resolve, plan.totalMs);
      this.#stop = () => {
        clearTimeout(end);
        resolve();
      };
      order.signal.addEventListener("abort", this.#stop, { once: true });
      if (order.signal.aborted) this.#stop();
    });
    for (const timer of timers) clearInterval(timer);
    if (plan.model === "open" && !this.#isCutShort()) this.#arrive(session);
    const durationMs = this.#elapsed();
    this.#isOver = true;
    await this.#crew.drain(this.#isCutShort() ? 0 : GRACEFUL_STOP_MS);
    clearInterval(second);
    return durationMs;
  }

  /** Open model: every iteration that is due starts now, or is dropped when no user is free. */
  #arrive(session: Session): void {
    const { plan } = this.#given;
    const due = Math.floor(plannedIterations(plan, Math.min(this.#elapsed(), plan.totalMs)) + 1e-6);
    while (this.#started + this.#dropped < due) {
      if (this.#crew.assign((user) => this.#iterate(user, session))) this.#started++;
      else {
        this.#dropped++;
        this.#recorder.count(this.#elapsed(), "dropped");
      }
    }
  }

  /** Closed model: as many users as the plan says, each beginning again as soon as it is done. */
  #populate(session: Session): void {
    const wanted = Math.round(targetAt(this.#given.plan, this.#elapsed()));
    while (this.#crew.busy < wanted && this.#crew.assign((user) => this.#iterate(user, session)))
      this.#started++;
  }

  async #iterate(user: User, session: Session): Promise<void> {
    const { phase, step } = stageAt(this.#given.plan, this.#elapsed());
    try {
      await iterate(user, session, this.#journeying(phase, step));
    } catch (thrown) {
      this.#tally.exceptions++;
      if (this.#log.length < KEPT_LINES) this.#log.push(`exception in an iteration: ${messageOf(thrown)}`);
    }
    if (this.#isOver && this.#isCutShort()) return;
    this.#finished++;
    this.#recorder.count(this.#elapsed(), "iterations");
  }

  #journeying(phase: string | null, step: number | null): Journeying {
    const { journey, target, order } = this.#given;
    const { origin, pathname } = new URL(target);
    return {
      journey,
      origin,
      basePath: pathname.replace(/\/+$/, ""),
      env: order.env,
      tally: this.#tally,
      onAnswer: ({ endpoint }: Step, { status, durationMs }, was) => {
        const tags = { endpoint, phase, step: step === null ? null : String(step) };
        this.#recorder.answer(this.#elapsed(), { ...tags, ...was, status, durationMs });
      },
      redirect: (user, to, call) => this.#elsewhere.send(user, to, call),
      pause: (seconds) => this.#crew.pause(seconds),
    };
  }

  #everySecond(): void {
    const elapsedMs = this.#elapsed();
    this.#watch.look(elapsedMs);
    this.#recorder.users(elapsedMs, this.#crew.busy);
    const last = this.#recorder.last(elapsedMs);
    this.#given.order.onProgress({
      elapsedMs,
      seconds: Math.floor(elapsedMs / 1000),
      totalMs: this.#given.plan.totalMs,
      requestsPerSecond: last?.requests ?? null,
      p95Ms: last?.p95Ms ?? null,
      failedRatio: last && last.requests > 0 ? last.failed / last.requests : null,
      users: this.#crew.busy,
    });
    this.#recorder.flush(elapsedMs);
  }

  #checkAborts(): void {
    const broken = findBroken(this.#given.order.criteria, this.#elapsed(), () => this.#rows());
    if (broken === null) return;
    this.#isAborted = true;
    this.#log.push(`stopped by the criterion ${broken.id}`);
    this.#stop();
  }

  #rows = () => rowsOf(this.#recorder, this.#tally, this.#finished);

  #assemble(startedAt: Date, durationMs: number): Measurement {
    const { plan, version, order } = this.#given;
    this.#recorder.flush(durationMs);
    return assemble({
      version,
      plan,
      startedAt,
      endedAt: new Date(),
      durationMs,
      failure: this.#failure,
      interrupted: order.signal.aborted,
      abortedByCriterion: this.#isAborted,
      iterations: { started: this.#started, finished: this.#finished, dropped: this.#dropped },
      usersSeen: this.#crew.opened,
      recorder: this.#recorder,
      tally: this.#tally,
      refusedHosts: this.#elsewhere.refusedHosts(),
      watch: this.#watch,
      log: this.#log,
    });
  }
}
