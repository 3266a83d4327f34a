import {
  extractVars,
  isExpected,
  type Journey,
  type Session,
  type Step,
  startVars,
} from "../../../scenarios/lib/journey.ts";
import { type LoadPlan, plannedIterations, stageAt, targetAt } from "../../../scenarios/lib/load.ts";
import { messageOf } from "../../model/problem.ts";
import { type MetricRow, QUANTILE_GRID } from "../../model/run.ts";
import type { LoadOrder, Measurement } from "../engine.ts";
import { SelfWatch } from "../self-watch.ts";
import { findBroken } from "./abort.ts";
import { Crew, REQUEST_TIMEOUT_SECONDS } from "./crew.ts";
import { Elsewhere } from "./elsewhere.ts";
import { Recorder } from "./recorder.ts";
import type { User } from "./user-pool.ts";
import { iterate, type Journeying, prepareSession, rowsOfChecks, type Tally, take } from "./virtual-user.ts";

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
  readonly #tally: Tally = {
    checks: new Map(),
    answers: new Map(),
    errors: new Map(),
    withoutInformation: new Map(),
    redirects: new Map(),
    rateLimited: 0,
    exceptions: 0,
  };
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

  #rows(): MetricRow[] {
    const iterations: MetricRow = {
      metric: "iterations",
      tags: {},
      type: "counter",
      samples: this.#finished,
      count: this.#finished,
    };
    return [...this.#recorder.rows(), ...rowsOfChecks(this.#tally), iterations];
  }

  #assemble(startedAt: Date, durationMs: number): Measurement {
    const { plan, version, order } = this.#given;
    this.#recorder.flush(durationMs);
    const [failure, watch] = [this.#failure, this.#watch];
    const refusedHosts = this.#elsewhere.refusedHosts();
    const meaning = failure ?? (this.#isAborted ? "stopped by a criterion" : "ended normally");
    const planned = Math.floor(
      plannedIterations(plan, this.#isCutShort() ? durationMs : plan.totalMs) + 1e-6,
    );
    const errors = [...this.#tally.errors].map(([kind, count]) => ({ kind, count }));
    return {
      engine: { name: "autocannon", version },
      startedAt: startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      evidence: {
        exit: {
          code: failure === null ? 0 : 1,
          signal: null,
          meaning,
          complete: failure === null,
          markedFailed: false,
        },
        summaryComplete: true,
        interrupted: order.signal.aborted,
        abortedByCriterion: this.#isAborted,
        durationMs,
        plannedIterations: plan.model === "open" ? planned : null,
        iterations: this.#finished,
        droppedIterations: this.#dropped,
        ...(this.#isCutShort() ? {} : { unfinishedIterations: this.#started - this.#finished }),
        maxUsers: plan.maxUsers,
        usersSeen: this.#crew.opened,
        exceptions: this.#tally.exceptions,
        rateLimited: this.#tally.rateLimited,
        withoutInformation: [...this.#tally.withoutInformation].map(([endpoint, count]) => ({
          endpoint,
          count,
        })),
        redirects: [...this.#tally.redirects.values()],
        ...(refusedHosts.length === 0 ? {} : { refusedHosts }),
        stalledMs: watch.stalledMs,
        generatorCpu: watch.cpu.length === 0 ? null : { cores: watch.cores, samples: watch.cpu },
        scriptSummaryError: null,
        log: failure === null ? this.#log : [failure, ...this.#log],
      },
      quantileGrid: [...QUANTILE_GRID],
      metrics: this.#rows(),
      checks: [...this.#tally.checks].map(([name, counts]) => ({ name, ...counts })),
      statusCounts: this.#recorder.statusCounts(),
      errors: errors.sort((a, b) => b.count - a.count),
      timeline: { periodMs: 1000, series: this.#recorder.timeline() },
      engineThresholds: [],
    };
  }
}
