import { rmSync } from "node:fs";
import axios from "axios";
import type { Journey } from "../../scenarios/lib/journey.ts";
import { holdFor, ladderOf } from "../capacity/ladder.ts";
import { readSteps } from "../capacity/read-steps.ts";
import type { Probe } from "../capacity/search.ts";
import type { Engine, LoadOrder, Progress } from "../engines/engine.ts";
import type { Reach } from "../model/address.ts";
import { planFor } from "../systems/load-scenario.ts";
import { makeTemporaryFolder } from "../systems/make-folders.ts";
import type { GateSubject } from "./gate-subject.ts";
import { viewProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

const PROBE_TIMES = 2;
/** Errors above this, or latency so many times the SLA, for so many seconds on end: the target has collapsed. */
const COLLAPSED_ERRORS = 0.5;
const COLLAPSED_TIMES = 4;
const COLLAPSED_SECONDS = 3;
/** A target that was overloaded is given this long to answer as before. */
const RECOVERY_MS = 30_000;

/** Runs rates as one load each, stops when the target collapses, and lets it recover. */
export class Prober {
  readonly #subject: GateSubject;
  readonly #journey: Journey;
  readonly #engine: Engine;
  readonly #holdMs: number;
  readonly #reach: Reach;
  readonly #terminal: Terminal;
  readonly #signal: AbortSignal;

  constructor(
    subject: GateSubject,
    journey: Journey,
    engine: Engine,
    holdMs: number,
    reach: Reach,
    terminal: Terminal,
    signal: AbortSignal,
  ) {
    this.#subject = subject;
    this.#journey = journey;
    this.#engine = engine;
    this.#holdMs = holdMs;
    this.#reach = reach;
    this.#terminal = terminal;
    this.#signal = signal;
  }

  readonly probe: Probe = async (rates) => {
    if (this.#signal.aborted) return [];
    const subject = this.#subject;
    const criteria = subject.criteria.thresholds.client;
    // Near the limit a queue grows slowly: a single rate is held longer than a rung of the ladder.
    const leastSeconds = (this.#holdMs / 1000) * (rates.length === 1 ? PROBE_TIMES : 1);
    const load = ladderOf(rates, holdFor(this.#journey, criteria, leastSeconds));
    const plan = planFor(this.#journey, load, {}, "the ladder");
    const collapse = new CollapseWatch(
      criteria.filter(({ metric }) => metric === "http_req_duration").map(({ bound }) => bound.value),
    );
    const view = viewProgress(this.#terminal, rates.map((rate) => rate.toFixed(0)).join(" "));
    const folder = makeTemporaryFolder("headroom-capacity-");
    const stop = AbortSignal.any([this.#signal, collapse.signal]);
    const order: LoadOrder = {
      root: subject.root,
      script: subject.script,
      journey: this.#journey,
      plan,
      load,
      scaling: {},
      target: subject.target,
      reach: this.#reach,
      criteria: [],
      folder,
      env: subject.env,
      signal: stop,
      onProgress: (progress) => {
        view.show(progress);
        collapse.look(progress);
      },
    };
    try {
      const run = await (await this.#engine.prepare(order)).run();
      const steps = readSteps(run, plan, criteria, collapse.reason);
      view.end();
      for (const { offered, achieved, p95Ms, errorRatio, holds, brokenBy } of steps)
        this.#terminal.note(
          `  ${offered.toFixed(1).padStart(8)}/s  ${holds === null ? "?" : holds ? "holds" : "breaks"}  got ${achieved.toFixed(1)}/s, p95 ${p95Ms === null ? "–" : `${p95Ms.toFixed(0)} ms`}, errors ${errorRatio === null ? "–" : `${(errorRatio * 100).toFixed(2)}%`}${brokenBy ? `  (${brokenBy})` : ""}`,
        );
      if (steps.some(({ holds }) => holds === false)) await this.#recover();
      return steps;
    } finally {
      view.end();
      rmSync(folder, { recursive: true, force: true });
    }
  };

  /** Waits until the target answers three times running within a second, so that one overload does not judge the next. */
  async #recover(): Promise<void> {
    const untilMs = Date.now() + RECOVERY_MS;
    for (let good = 0; good < 3 && Date.now() < untilMs && !this.#signal.aborted; ) {
      const answered = await axios
        .get(this.#subject.target as string, {
          timeout: 1000,
          maxRedirects: 0,
          validateStatus: () => true,
          signal: this.#signal,
        })
        .then(
          () => true,
          () => false,
        );
      good = answered ? good + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

class CollapseWatch {
  readonly #controller = new AbortController();
  readonly #limitMs: number;
  #bad = 0;
  reason: string | null = null;

  constructor(limitsMs: readonly number[]) {
    this.#limitMs = Math.max(...limitsMs, 0) || Number.POSITIVE_INFINITY;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  look({ failedRatio, p95Ms }: Progress): void {
    const errs = (failedRatio ?? 0) > COLLAPSED_ERRORS;
    const crawls = (p95Ms ?? 0) > COLLAPSED_TIMES * this.#limitMs;
    this.#bad = errs || crawls ? this.#bad + 1 : 0;
    if (this.#bad < COLLAPSED_SECONDS || this.reason !== null) return;
    this.reason = errs ? "errors: the target collapsed" : "latency: the target collapsed";
    this.#controller.abort();
  }
}
