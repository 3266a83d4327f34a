import { assemble } from "../../src/engines/embedded/assemble.ts";
import { Recorder } from "../../src/engines/embedded/recorder.ts";
import type { Tally } from "../../src/engines/embedded/tally.ts";
import type { Measurement } from "../../src/engines/engine.ts";
import { errorKind } from "../../src/engines/k6/exit-codes.ts";
import { NO_FILES, NO_PORTS } from "../../src/model/own-errors.ts";
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

/** What the embedded engine makes of what happened: its own recorder at virtual times, its own assembly. */
export function measureByEmbedded(happened: Happened, draw: Draw): Measurement {
  const { world, iterationsAtMs: ended, droppedAtMs: dropped } = happened;
  const has = (kind: GeneratorFaultKind) => world.generator.some((fault) => fault.kind === kind);
  const stall = world.generator.find(({ kind }) => kind === "stall");
  const { plan } = world;
  return assemble({
    version: "9.0.0",
    plan,
    startedAt: new Date(START_MS),
    endedAt: new Date(START_MS + Math.round(happened.lastMs)),
    durationMs: happened.setupFailed ? 0 : has("interrupted") ? happened.lastMs : plan.totalMs,
    failure: happened.setupFailed ? "login answered 500" : null,
    interrupted: has("interrupted"),
    abortedByCriterion: false,
    iterations: {
      started: ended.length + happened.unfinished,
      finished: ended.length,
      dropped: dropped.length,
    },
    usersSeen: happened.usersSeen,
    recorder: record(happened),
    tally: tallyOf(happened),
    refusedHosts: [],
    watch: {
      cores: 1,
      cpu: cpuOf(world, happened, draw).samples,
      stalledMs: stall === undefined ? 3 : Math.round(stall.amount * 1000),
    },
    log: happened.exceptions > 0 ? ["exception in an iteration: TypeError"] : [],
  });
}

function record({ world, requests, iterationsAtMs, droppedAtMs, lastMs }: Happened): Recorder {
  const recorder = new Recorder();
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
  return recorder;
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
    rateLimited: requests.filter(({ limited }) => limited).length,
    exceptions,
  };
}
