import {
  extractVars,
  isExpected,
  type Journey,
  type Step,
  startVars,
} from "../../../scenarios/lib/journey.ts";
import { type LoadPlan, plannedIterations, stageAt, targetAt } from "../../../scenarios/lib/load.ts";
import { type ClientCriterion, holds } from "../../model/criterion.ts";
import { messageOf } from "../../model/problem.ts";
import { findRow, type MetricRow, QUANTILE_GRID } from "../../model/run.ts";
import { statisticOf } from "../../model/statistic-of.ts";
import type { LoadOrder, Measurement } from "../engine.ts";
import { Recorder } from "./recorder.ts";
import { openUsers, type User, type UserPool } from "./user-pool.ts";
import { iterate, type Journeying, type Tally, take } from "./virtual-user.ts";

/** k6's default request timeout, so that both engines give up alike. */
const REQUEST_TIMEOUT_SECONDS = 60;
/** Users still waiting when the load is over may finish within this time, as in k6. */
const GRACEFUL_STOP_MS = 30_000;
/** How often arrivals are due: finer than the latencies of interest, coarser than a busy loop. */
const PACE_MS = 2;
/** How often criteria that may stop the run are looked at; k6's own period. */
const ABORT_CHECK_MS = 2000;

interface Order {
  readonly journey: Journey;
  readonly plan: LoadPlan;
  readonly target: string;
  readonly order: LoadOrder;
  readonly version: string;
}

export async function runEmbedded(given: Order): Promise<Measurement> {
  const run = new EmbeddedRun(given);
  return await run.measure();
}

/** One run of the embedded engine: who is idle, what is due, what was seen. */
class EmbeddedRun {
  readonly #given: Order;
  readonly #recorder = new Recorder();
  readonly #tally: Tally = { checks: new Map(), errors: new Map(), rateLimited: 0, exceptions: 0 };
  readonly #pools: UserPool[] = [];
  readonly #idle: User[] = [];
  readonly #log: string[] = [];
  readonly #cpu: number[] = [];
  readonly #pauses = new Set<() => void>();
  #startMs = 0;
  #started = 0;
  #finished = 0;
  #dropped = 0;
  #busy = 0;
  #opened = 0;
  #over = false;
  #aborted = false;
  #failure: string | null = null;

  constructor(given: Order) {
    this.#given = given;
  }

  async measure(): Promise<Measurement> {
    const { plan, order } = this.#given;
    const startedAt = new Date();
    this.#open(Math.max(1, plan.preAllocatedUsers));
    this.#startMs = performance.now();
    const session = await this.#logIn();
    this.#startMs = performance.now();
    const durationMs = session === null ? 0 : await this.#drive(session);
    if (session !== null) await this.#logOut(session);
    await Promise.all(this.#pools.map((pool) => pool.close()));
    return this.#assemble(startedAt, durationMs, order.signal.aborted);
  }

  #open(count: number): void {
    const pool = openUsers(new URL(this.#given.target).origin, count, REQUEST_TIMEOUT_SECONDS);
    this.#pools.push(pool);
    this.#idle.push(...pool.users);
    this.#opened += count;
  }

  #elapsed = () => performance.now() - this.#startMs;

  async #logIn(): Promise<Record<string, string> | null> {
    const { journey, order } = this.#given;
    const vars = startVars(journey, order.env.HEADROOM_TOKEN);
    if (!journey.login) return vars;
    const answer = await take(this.#idle[0] as User, journey.login, vars, this.#journeying(null));
    if (isExpected(journey.login, answer.status)) return { ...vars, ...extractVars(journey.login, answer) };
    this.#failure = `login answered ${answer.status || "nothing"}`;
    return null;
  }

  async #logOut(session: Record<string, string>): Promise<void> {
    const user = this.#idle[0];
    if (this.#given.journey.logout && user)
      await take(user, this.#given.journey.logout, session, this.#journeying(null));
  }

  /** Starts iterations as the plan asks until it is over, interrupted or aborted; resolves with its length. */
  async #drive(session: Record<string, string>): Promise<number> {
    const { plan, order } = this.#given;
    const pace = setInterval(
      () => (plan.model === "open" ? this.#arrive(session) : this.#populate(session)),
      PACE_MS,
    );
    const second = setInterval(() => this.#everySecond(), 1000);
    const check = setInterval(() => this.#checkAborts(), ABORT_CHECK_MS);
    await new Promise<void>((resolve) => {
      const end = setTimeout(resolve, plan.totalMs);
      const stop = () => {
        clearTimeout(end);
        resolve();
      };
      order.signal.addEventListener("abort", stop, { once: true });
      this.#stop = stop;
      if (order.signal.aborted) stop();
    });
    clearInterval(pace);
    clearInterval(check);
    if (plan.model === "open" && !this.#cutShort()) this.#arrive(session);
    const durationMs = this.#elapsed();
    this.#over = true;
    for (const wake of this.#pauses) wake();
    await this.#drain();
    clearInterval(second);
    return durationMs;
  }

  #stop: () => void = () => {};
  #cutShort = () => this.#aborted || this.#given.order.signal.aborted;

  async #drain(): Promise<void> {
    const until = performance.now() + (this.#cutShort() ? 0 : GRACEFUL_STOP_MS);
    while (this.#busy > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Open model: every iteration that is due starts now, or is dropped when no user is free. */
  #arrive(session: Record<string, string>): void {
    const { plan } = this.#given;
    const due = Math.floor(plannedIterations(plan, Math.min(this.#elapsed(), plan.totalMs)) + 1e-6);
    while (this.#started + this.#dropped < due) {
      if (this.#idle.length === 0 && this.#opened < plan.maxUsers)
        this.#open(Math.min(20, plan.maxUsers - this.#opened));
      if (this.#idle.length > 0) void this.#begin(session);
      else {
        this.#dropped++;
        this.#recorder.count(this.#elapsed(), "dropped");
      }
    }
  }

  /** Closed model: as many users as the plan says, each beginning again as soon as it is done. */
  #populate(session: Record<string, string>): void {
    const wanted = Math.round(targetAt(this.#given.plan, this.#elapsed()));
    while (this.#busy < wanted) {
      if (this.#idle.length === 0) this.#open(Math.min(20, wanted - this.#busy));
      void this.#begin(session);
    }
  }

  async #begin(session: Record<string, string>): Promise<void> {
    const user = this.#idle.pop() as User;
    this.#busy++;
    this.#started++;
    const stage = stageAt(this.#given.plan, this.#elapsed());
    try {
      await iterate(user, session, this.#journeying(stage.phase, stage.step));
    } catch (thrown) {
      this.#tally.exceptions++;
      if (this.#log.length < 20) this.#log.push(`exception in an iteration: ${messageOf(thrown)}`);
    }
    this.#busy--;
    this.#idle.push(user);
    if (this.#over && this.#cutShort()) return;
    this.#finished++;
    this.#recorder.count(this.#elapsed(), "iterations");
  }

  #journeying(phase: string | null, step: number | null = null): Journeying {
    const { journey, target, order } = this.#given;
    return {
      journey,
      basePath: new URL(target).pathname.replace(/\/+$/, ""),
      env: order.env,
      tally: this.#tally,
      onAnswer: (taken: Step, reply, failed) =>
        this.#recorder.answer(this.#elapsed(), {
          endpoint: taken.endpoint,
          phase,
          step: step === null ? null : String(step),
          status: reply.status,
          durationMs: reply.durationMs,
          failed,
        }),
      pause: (seconds) => this.#pause(seconds),
    };
  }

  #pause(seconds: number): Promise<void> {
    if (this.#over) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, seconds * 1000);
      this.#pauses.add(wake);
    });
  }

  #lastCpu = process.cpuUsage();

  #everySecond(): void {
    const elapsedMs = this.#elapsed();
    const used = process.cpuUsage(this.#lastCpu);
    this.#lastCpu = process.cpuUsage();
    this.#cpu.push(Math.round((used.user + used.system) / 10_000) / 100);
    this.#recorder.users(elapsedMs, this.#busy);
    const last = this.#recorder.last(elapsedMs);
    this.#given.order.onProgress({
      elapsedMs,
      totalMs: this.#given.plan.totalMs,
      requestsPerSecond: last?.requests ?? null,
      p95Ms: last?.p95Ms ?? null,
      failedRatio: last && last.requests > 0 ? last.failed / last.requests : null,
      users: this.#busy,
    });
    this.#recorder.flush(elapsedMs);
  }

  #checkAborts(): void {
    const elapsedMs = this.#elapsed();
    const due = this.#given.order.criteria.filter(
      ({ abortAfterMs }) => abortAfterMs !== null && elapsedMs >= abortAfterMs,
    );
    if (due.length === 0) return;
    const rows = this.#rows();
    const broken = due.find((criterion) => isBroken(criterion, rows));
    if (!broken) return;
    this.#aborted = true;
    this.#log.push(`stopped by the criterion ${broken.id}`);
    this.#stop();
  }

  #rows(): MetricRow[] {
    const passes = [...this.#tally.checks.values()].reduce((sum, check) => sum + check.passes, 0);
    const checked = [...this.#tally.checks.values()].reduce(
      (sum, check) => sum + check.passes + check.fails,
      0,
    );
    return [
      ...this.#recorder.rows(),
      { metric: "iterations", tags: {}, type: "counter", samples: this.#finished, count: this.#finished },
      {
        metric: "checks",
        tags: {},
        type: "rate",
        samples: checked,
        ...(checked > 0 ? { ratio: passes / checked } : {}),
      },
    ];
  }

  #assemble(startedAt: Date, durationMs: number, interrupted: boolean): Measurement {
    const { plan, version } = this.#given;
    this.#recorder.flush(durationMs);
    const meaning = this.#failure ?? (this.#aborted ? "stopped by a criterion" : "ended normally");
    const planned = Math.floor(plannedIterations(plan, this.#cutShort() ? durationMs : plan.totalMs) + 1e-6);
    return {
      engine: { name: "autocannon", version },
      startedAt: startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      evidence: {
        exit: {
          code: this.#failure === null ? 0 : 1,
          signal: null,
          meaning,
          complete: this.#failure === null,
          markedFailed: false,
        },
        summaryComplete: true,
        interrupted,
        abortedByCriterion: this.#aborted,
        durationMs,
        plannedIterations: plan.model === "open" ? planned : null,
        iterations: this.#finished,
        droppedIterations: this.#dropped,
        maxUsers: plan.maxUsers,
        usersSeen: this.#opened,
        exceptions: this.#tally.exceptions,
        rateLimited: this.#tally.rateLimited,
        generatorCpu: this.#cpu.length === 0 ? null : { cores: 1, samples: this.#cpu },
        scriptSummaryError: null,
        log: this.#failure === null ? this.#log : [this.#failure, ...this.#log],
      },
      quantileGrid: [...QUANTILE_GRID],
      metrics: this.#rows(),
      checks: [...this.#tally.checks].map(([name, counts]) => ({ name, ...counts })),
      statusCounts: this.#recorder.statusCounts(),
      errors: [...this.#tally.errors]
        .map(([kind, count]) => ({ kind, count }))
        .sort((a, b) => b.count - a.count),
      timeline: { periodMs: 1000, series: this.#recorder.timeline() },
      engineThresholds: [],
    };
  }
}

function isBroken(criterion: ClientCriterion, rows: readonly MetricRow[]): boolean {
  const wanted = { ...criterion.tags, ...(criterion.phase ? { phase: criterion.phase } : {}) };
  const row = findRow(rows, criterion.metric, wanted);
  const observed = row && row.samples > 0 ? statisticOf(row, criterion.stat, QUANTILE_GRID) : null;
  return observed !== null && !holds(criterion.bound, observed);
}
