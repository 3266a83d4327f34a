import { type LoadPlan, plannedIterations, stageAt } from "../../scenarios/lib/load.ts";
import type { EndpointTimes } from "./journey-times.ts";
import type { Stopped } from "./read-steps.ts";

/** Errors above this, or latency so many times the SLA, for so many seconds on end: the target has collapsed. */
const COLLAPSED_ERRORS = 0.5;
const COLLAPSED_TIMES = 4;
const COLLAPSED_SECONDS = 3;
/** A backlog of this share of what was due since the rate was reached, and of so many deviations, only grows. */
const CLEAR_BACKLOG = 0.12;
const CLEAR_DEVIATIONS = 4;
const LEAST_SECONDS = 2;
/** Share of the first rate by which the load is told to have begun. */
const BEGUN = 0.3;

/** What is known of the last second of a load. */
export interface LastSecond {
  /** Whole seconds that are known, of which this is the last; the first may be before the load. */
  readonly seconds?: number;
  readonly requestsPerSecond: number | null;
  readonly failedRatio: number | null;
  readonly p95Ms: number | null;
}

/** Ends a load under which the target has collapsed, or that is clearly more than it takes: more of it teaches nothing. */
export class OverloadWatch {
  readonly #controller = new AbortController();
  readonly #plan: LoadPlan;
  readonly #endpoints: readonly EndpointTimes[];
  readonly #limitMs: number;
  readonly #variance: number;
  #bad = 0;
  #held: { stage: unknown; seconds: number; due: number; answered: number } | null = null;
  #known = 0;
  #beganSeconds: number | null = null;
  stopped: Stopped | null = null;

  /** @param variance of the answers of a rate, over the rate */
  constructor(
    plan: LoadPlan,
    endpoints: readonly EndpointTimes[],
    limitsMs: readonly number[],
    variance: number,
  ) {
    this.#plan = plan;
    this.#endpoints = endpoints;
    this.#limitMs = Math.max(...limitsMs, 0) || Number.POSITIVE_INFINITY;
    this.#variance = variance;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  look(second: LastSecond): void {
    if (this.stopped !== null) return;
    this.stopped = this.#collapseOf(second) ?? this.#backlogOf(second);
    if (this.stopped !== null) this.#controller.abort();
  }

  #collapseOf({ failedRatio, p95Ms }: LastSecond): Stopped | null {
    const errs = (failedRatio ?? 0) > COLLAPSED_ERRORS;
    const crawls = (p95Ms ?? 0) > COLLAPSED_TIMES * this.#limitMs;
    this.#bad = errs || crawls ? this.#bad + 1 : 0;
    if (this.#bad < COLLAPSED_SECONDS) return null;
    return errs
      ? { why: "collapse", reason: "errors", text: "errors: the target collapsed" }
      : { why: "collapse", reason: "latency", text: "latency: the target collapsed" };
  }

  /** From the second second on of a held rate: the first may still be that of the rate before. */
  #backlogOf(last: LastSecond): Stopped | null {
    const endMs = this.#timeOf(last);
    if (endMs === null || last.requestsPerSecond === null) return null;
    const stage = stageAt(this.#plan, endMs - 1000);
    if (stage.phase !== "steady") return null;
    if (this.#held?.stage !== stage) {
      this.#held = { stage, seconds: 0, due: 0, answered: 0 };
      return null;
    }
    const held = this.#held;
    held.seconds++;
    held.due += this.#dueBefore(endMs) - this.#dueBefore(endMs - 1000);
    held.answered += last.requestsPerSecond;
    const missing = held.due - held.answered;
    const isClear =
      held.seconds >= LEAST_SECONDS &&
      missing > CLEAR_BACKLOG * held.due &&
      missing > CLEAR_DEVIATIONS * Math.sqrt(this.#variance * held.due);
    return isClear ? { why: "backlog", reason: "throughput", text: "throughput: a queue grows" } : null;
  }

  /** When in the load a second ended, ms; null: it was told before, or the load had not begun. */
  #timeOf({ seconds = 0, requestsPerSecond }: LastSecond): number | null {
    if (seconds <= this.#known) return null;
    this.#known = seconds;
    // An engine's seconds begin before its load does: that is told by the first in which much was answered.
    const first = this.#plan.stages[0]?.from ?? 0;
    const share = (requestsPerSecond ?? 0) / first;
    if (this.#beganSeconds === null && share >= BEGUN) this.#beganSeconds = seconds - Math.min(1, share);
    return this.#beganSeconds === null ? null : (seconds - this.#beganSeconds) * 1000;
  }

  /** Requests that are due by a moment: those of an iteration after its pauses. */
  #dueBefore(ms: number): number {
    const due = this.#endpoints.map(
      ({ times, pausedSeconds }) =>
        times * plannedIterations(this.#plan, Math.max(0, ms - pausedSeconds * 1000)),
    );
    return due.reduce((sum, one) => sum + one, 0);
  }
}
