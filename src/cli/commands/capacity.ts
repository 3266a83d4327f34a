import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import axios from "axios";
import type { Journey } from "../../../scenarios/lib/journey.ts";
import { describeUsl, fitWithIntervals, pointsOf } from "../../capacity/fit-usl.ts";
import { holdFor, ladderOf } from "../../capacity/ladder.ts";
import { readSteps, slaOf } from "../../capacity/read-steps.ts";
import { findCapacity, type Probe } from "../../capacity/search.ts";
import type { Engine, LoadOrder, Progress } from "../../engines/engine.ts";
import { chooseEngine } from "../../engines/index.ts";
import type { Capacity } from "../../model/capacity.ts";
import { InputError, Interrupted } from "../../model/problem.ts";
import { withoutCredentials } from "../../prometheus/redact-url.ts";
import { renderCapacityTerminal } from "../../reporters/capacity/terminal.ts";
import type { LoadPoint } from "../../stats/usl.ts";
import { loadShape, planFor } from "../../systems/load-scenario.ts";
import { EXIT } from "../exit-codes.ts";
import { findSubject, type GateSubject, type SubjectOptions } from "../gate-subject.ts";
import { onInterrupt } from "../interrupt.ts";
import { viewProgress } from "../progress.ts";
import { requireAllowedTarget } from "../target-guard.ts";
import { openTerminal, type Terminal } from "../terminal.ts";
import { makeFolder, shownPath, writeWhole } from "../write-files.ts";
import { requireAnswer, runId } from "./gate.ts";

export interface CapacityOptions extends SubjectOptions {
  readonly engine: "auto" | "k6" | "autocannon";
  readonly k6?: string;
  readonly allowTarget?: string[];
  readonly instances: number;
  readonly fromRate?: number;
  readonly maxRate?: number;
  readonly hold: number;
  readonly precision: number;
  readonly budget: number;
  readonly from?: string;
}

const FACTOR = 1.6;
const PROBE_TIMES = 2;
const REPEATS = 2;
/** The ladder begins at this share of the lowest level of the system's own ladder. */
const START_SHARE = 0.25;
/** Without --max-rate, at most this many times the highest level of the system's own ladder. */
const MOST_TIMES = 2;

/** `headroom capacity`: the highest rate that holds the SLA. */
export async function capacity(system: string | undefined, options: CapacityOptions): Promise<void> {
  const terminal = openTerminal(options);
  if (options.from !== undefined) return fitFile(options.from, options.json === true, terminal);
  const subject = await findSubject(system, { ...options, scenario: "breakpoint" });
  await requireAllowedTarget(subject.target, subject.root, options.allowTarget);
  const engine = await chooseEngine(options, process.env);
  await requireAnswer(subject.target);
  const folder = makeFolder(resolve(options.out ?? join("reports", subject.system, runId("capacity"))));
  const result = await measure(subject, engine, options, terminal);
  const file = join(folder, "capacity.json");
  writeWhole(file, `${JSON.stringify(result, null, 2)}\n`);
  if (options.json) terminal.print(JSON.stringify(result));
  else {
    terminal.print(renderCapacityTerminal(result, describeUsl(result.usl, pointsOf(result.steps)), terminal));
    terminal.note(`capacity: ${shownPath(file)}`);
  }
  if (!result.settled) process.exitCode = EXIT.inconclusive;
}

/** `--from points.csv`: the law of published or own measurements, without load. */
function fitFile(file: string, json: boolean, terminal: Terminal): void {
  const points = readPoints(file);
  const usl = fitWithIntervals(points);
  if (json) terminal.print(JSON.stringify({ schema: "headroom/usl@1", points: points.length, usl }));
  else for (const line of describeUsl(usl, points)) terminal.print(line);
  if ("refused" in usl) process.exitCode = EXIT.inconclusive;
}

function readPoints(file: string): LoadPoint[] {
  const fail = (message: string, line?: number) =>
    new InputError([
      {
        file,
        ...(line === undefined ? {} : { line }),
        message,
        remedy: "Give a CSV of load,throughput, a pair in a row",
      },
    ]);
  if (!existsSync(file)) throw fail("no such file");
  const rows = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const isHead = !/^\s*"?-?[\d.]/.test(rows[0] ?? "");
  return rows.slice(isHead ? 1 : 0).map((row, index) => {
    const [concurrency, throughput] = row.split(",").map((cell) => Number(cell.replaceAll('"', "")));
    if (!(Number(concurrency) > 0) || !(Number(throughput) >= 0))
      throw fail(`"${row}" is no pair of numbers above 0`, index + (isHead ? 2 : 1));
    return { concurrency: concurrency as number, throughput: throughput as number };
  });
}

async function measure(
  subject: GateSubject,
  engine: Engine,
  options: CapacityOptions,
  terminal: Terminal,
): Promise<Capacity> {
  const { journey, target } = subject;
  if (journey === null || target === null)
    throw InputError.option("no system named", "Name one and give --target URL");
  const criteria = subject.criteria.thresholds.client;
  if (slaOf(criteria).length === 0)
    throw InputError.option(
      `${subject.criteria.file} has no gate criterion on latency or failures`,
      "Capacity is the highest rate that holds the SLA: write one",
    );
  const own = await loadShape(subject.root, subject.system, "breakpoint");
  const levels = own.stages.map(({ target }) => target).filter((level) => level > 0);
  const most = options.maxRate ?? Math.max(...levels) * MOST_TIMES;
  const start = Math.min(options.fromRate ?? Math.min(...levels) * START_SHARE, most);
  const interrupted = onInterrupt(() =>
    terminal.note("interrupted: ending the load and keeping what was measured …"),
  );
  const startedMs = Date.now();
  const isOver = () => interrupted.signal.aborted || Date.now() - startedMs > options.budget;
  terminal.note(
    `${subject.system}: ladder from ${start.toFixed(1)} to at most ${most.toFixed(0)} requests/s (open), ${engine.name} ${engine.version} → ${withoutCredentials(target)}; at most ${Math.round(options.budget / 60_000)} min`,
  );
  const prober = new Prober(subject, journey, engine, options, terminal, interrupted.signal);
  try {
    const found = await findCapacity(prober.probe, {
      start,
      most,
      factor: FACTOR,
      precision: options.precision,
      repeats: REPEATS,
      isOver,
    });
    if (found.steps.length === 0) throw new Interrupted();
    const high = found.high ?? found.low;
    return {
      schema: "headroom/capacity@1",
      system: subject.system,
      measuredAt: new Date().toISOString(),
      engine: { name: engine.name, version: engine.version },
      instances: options.instances,
      maxRatePerSecond: { low: found.low, mid: (found.low + high) / 2, high },
      settled: found.isSettled,
      limitedBy: found.limitedBy,
      sla: slaOf(criteria).map(({ id }) => id),
      usl: fitWithIntervals(pointsOf(found.steps)),
      steps: found.steps.map(
        ({ offered, achieved, meanMs, p95Ms, errorRatio, concurrency, valid, holds, brokenBy }) => ({
          offered,
          achieved,
          meanMs,
          p95Ms,
          errorRatio,
          concurrency,
          valid,
          holds,
          brokenBy,
        }),
      ),
    };
  } finally {
    interrupted.dispose();
  }
}

/** Errors above this, or latency so many times the SLA, for so many seconds on end: the target has collapsed. */
const COLLAPSED_ERRORS = 0.5;
const COLLAPSED_TIMES = 4;
const COLLAPSED_SECONDS = 3;
/** A target that was overloaded is given this long to answer as before. */
const RECOVERY_MS = 30_000;

/** Runs rates as one load each, stops when the target collapses, and lets it recover. */
class Prober {
  readonly #subject: GateSubject;
  readonly #journey: Journey;
  readonly #engine: Engine;
  readonly #options: CapacityOptions;
  readonly #terminal: Terminal;
  readonly #signal: AbortSignal;

  constructor(
    subject: GateSubject,
    journey: Journey,
    engine: Engine,
    options: CapacityOptions,
    terminal: Terminal,
    signal: AbortSignal,
  ) {
    this.#subject = subject;
    this.#journey = journey;
    this.#engine = engine;
    this.#options = options;
    this.#terminal = terminal;
    this.#signal = signal;
  }

  readonly probe: Probe = async (rates) => {
    if (this.#signal.aborted) return [];
    const subject = this.#subject;
    const criteria = subject.criteria.thresholds.client;
    // Near the limit a queue grows slowly: a single rate is held longer than a rung of the ladder.
    const leastSeconds = (this.#options.hold / 1000) * (rates.length === 1 ? PROBE_TIMES : 1);
    const load = ladderOf(rates, holdFor(this.#journey, criteria, leastSeconds));
    const plan = planFor(this.#journey, load, {}, "the ladder");
    const collapse = new CollapseWatch(
      criteria.filter(({ metric }) => metric === "http_req_duration").map(({ bound }) => bound.value),
    );
    const view = viewProgress(this.#terminal, rates.map((rate) => rate.toFixed(0)).join(" "));
    const folder = mkdtempSync(join(tmpdir(), "headroom-capacity-"));
    const stop = AbortSignal.any([this.#signal, collapse.signal]);
    const order: LoadOrder = {
      root: subject.root,
      script: subject.script,
      journey: this.#journey,
      plan,
      load,
      scaling: {},
      target: subject.target,
      criteria: [],
      folder,
      env: process.env,
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
