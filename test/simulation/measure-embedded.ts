import { plannedIterations } from "../../scenarios/lib/load.ts";
import { Recorder } from "../../src/engines/embedded/recorder.ts";
import { rowsOfChecks, type Tally } from "../../src/engines/embedded/virtual-user.ts";
import type { Measurement } from "../../src/engines/engine.ts";
import { errorKind } from "../../src/engines/k6/exit-codes.ts";
import { NO_FILES, NO_PORTS } from "../../src/model/own-errors.ts";
import { QUANTILE_GRID } from "../../src/model/run.ts";
import type { Draw } from "./draw.ts";
import {
  answersOf,
  emptyAnswersOf,
  type Happened,
  NO_STAGE,
  redirectsOf,
  type Sent,
  stepsOf,
} from "./happened.ts";
import { START_MS } from "./k6-record.ts";
import { OWN_FILES, OWN_PORTS } from "./machine.ts";
import { cpuOf } from "./measure.ts";
import type { GeneratorFaultKind } from "./world.ts";

/** What the embedded engine keeps of what happened, through its own recorder at virtual times. */
export function measureByEmbedded(happened: Happened, draw: Draw): Measurement {
  const { world, iterationsAtMs: ended, droppedAtMs: dropped } = happened;
  const recorder = new Recorder();
  const { rows, timeline } = record(happened, recorder);
  const tally = tallyOf(happened);
  const has = (kind: GeneratorFaultKind) => world.generator.some((fault) => fault.kind === kind);
  const { plan } = world;
  const durationMs = happened.setupFailed ? 0 : has("interrupted") ? happened.lastMs : plan.totalMs;
  const stall = world.generator.find(({ kind }) => kind === "stall");
  const isComplete = !happened.setupFailed;
  return {
    engine: { name: "autocannon", version: "9.0.0" },
    startedAt: new Date(START_MS).toISOString(),
    endedAt: new Date(START_MS + Math.round(happened.lastMs)).toISOString(),
    evidence: {
      exit: {
        code: isComplete ? 0 : 1,
        signal: null,
        meaning: isComplete ? "ended normally" : "login answered 500",
        complete: isComplete,
        markedFailed: false,
      },
      summaryComplete: true,
      interrupted: has("interrupted"),
      abortedByCriterion: false,
      durationMs,
      plannedIterations:
        plan.model === "open" ? Math.floor(plannedIterations(plan, durationMs) + 1e-6) : null,
      iterations: ended.length,
      droppedIterations: dropped.length,
      maxUsers: plan.maxUsers,
      usersSeen: happened.usersSeen,
      exceptions: happened.exceptions,
      rateLimited: happened.requests.filter(({ limited }) => limited).length,
      stalledMs: stall === undefined ? 3 : Math.round(stall.amount * 1000),
      withoutInformation: [...tally.withoutInformation].map(([endpoint, count]) => ({ endpoint, count })),
      redirects: [...tally.redirects.values()],
      generatorCpu: { ...cpuOf(world, happened, draw), cores: 1 },
      scriptSummaryError: null,
      log: happened.exceptions > 0 ? ["exception in an iteration: TypeError"] : [],
    },
    quantileGrid: [...QUANTILE_GRID],
    metrics: [
      ...rows,
      ...rowsOfChecks(tally),
      { metric: "iterations", tags: {}, type: "counter", samples: ended.length, count: ended.length },
    ],
    checks: [...tally.checks].map(([name, counts]) => ({ name, ...counts })),
    statusCounts: recorder.statusCounts(),
    errors: [...tally.errors].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
    timeline: { periodMs: 1000, series: timeline },
    engineThresholds: [],
  };
}

function record({ world, requests, iterationsAtMs, droppedAtMs, lastMs }: Happened, recorder: Recorder) {
  const steps = stepsOf(world.journey);
  for (const { at, stage, atMs, durationMs, status, failed, limited } of requests) {
    const { phase = null, step = null } = stage === NO_STAGE ? {} : (world.plan.stages[stage] ?? {});
    recorder.answer(atMs + durationMs, {
      endpoint: (steps[at] as (typeof steps)[number]).endpoint,
      phase,
      step: step === null ? null : String(step),
      status,
      durationMs,
      failed,
      limited,
    });
  }
  for (const ms of iterationsAtMs) recorder.count(ms, "iterations");
  for (const ms of droppedAtMs) recorder.count(ms, "dropped");
  recorder.flush(lastMs);
  return { rows: recorder.rows(), timeline: recorder.timeline() };
}

const kindOf = ({ error }: Sent) =>
  error === OWN_FILES ? NO_FILES : error === OWN_PORTS ? NO_PORTS : errorKind(error);

function tallyOf(happened: Happened): Tally {
  const { requests, checks, exceptions } = happened;
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
  const errors = new Map<string, number>();
  for (const sent of requests)
    if (sent.error !== 0) errors.set(kindOf(sent), (errors.get(kindOf(sent)) ?? 0) + 1);
  return {
    checks: new Map(
      checks
        .map(({ name, held, broke }) => [name, { passes: sum(held), fails: sum(broke) }] as const)
        .filter(([, { passes, fails }]) => passes + fails > 0),
    ),
    errors,
    answers: answersOf(happened),
    withoutInformation: emptyAnswersOf(happened),
    redirects: new Map(
      [...redirectsOf(happened)].map(([endpoint, requests]) => [
        endpoint,
        { endpoint, method: "GET", path: `/${endpoint}`, to: `/${endpoint}/`, requests },
      ]),
    ),
    rateLimited: 0,
    exceptions,
  };
}
