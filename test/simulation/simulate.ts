import type { Measurement } from "../../src/engines/engine.ts";
import { expectCalls } from "../../src/gate/expected-calls.ts";
import { judge } from "../../src/gate/judge.ts";
import { appliesTo, type ClientCriterion } from "../../src/model/criterion.ts";
import { InputError } from "../../src/model/problem.ts";
import { RunResult } from "../../src/model/run.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { reporters } from "../../src/reporters/index.ts";
import { renderTerminal } from "../../src/reporters/terminal.ts";
import { type LoadedThresholds, parseThresholds } from "../../src/systems/thresholds-file.ts";
import { drawFrom } from "./draw.ts";
import { flawsOf } from "./flaws.ts";
import type { Happened } from "./happened.ts";
import { ledgerOf } from "./ledger.ts";
import { makeWorld } from "./make-world.ts";
import { measureByK6, TARGET } from "./measure.ts";
import { measureByEmbedded } from "./measure-embedded.ts";
import { measureBySeveral } from "./measure-several.ts";
import { type Opinion, type Violation, violationsOf } from "./properties.ts";
import { truthOf } from "./truth-of-criterion.ts";
import { walk } from "./walk.ts";
import type { World } from "./world.ts";

export interface Simulated {
  readonly world: World;
  readonly happened: Happened;
  readonly run: RunResult;
  readonly verdict: Verdict;
  readonly opinion: Opinion;
  readonly violations: readonly Violation[];
  /** Of shares whose truth is known: intervals that were printed, and those that hold it. */
  readonly intervals: { readonly intervals: number; readonly held: number };
}

/** Every so many runs go through the files' own readers and every reporter as well. */
const WHOLE_EVERY = 50;

/** The run of a seed, from its world to its verdict, and where that is not what the world allows. */
export function simulate(seed: number): Simulated {
  return simulateWorld(makeWorld(seed), seed % WHOLE_EVERY === 0);
}

export function simulateWorld(world: World, isWhole: boolean): Simulated {
  const { thresholds, refusal } = readThresholds(world);
  const criteria = thresholds.thresholds.client.filter((one) => appliesTo(one, world.scenario, world.plan));
  // What happens is drawn apart from the world, so that a change of one leaves the other as it was.
  const draw = drawFrom(world.seed + 0x9e3779b9);
  const happened = walk(world, draw);
  const run: RunResult = { ...runOf(world), ...measure(happened, criteria, isWhole), server: null };
  const verdict = judge(run, thresholds.thresholds, "run.json");
  if (isWhole) render(run, verdict);
  const opinion = opinionOf(happened, criteria);
  return {
    world,
    happened,
    run,
    verdict,
    opinion,
    violations: [...violationsOf(verdict, opinion), ...refusal],
    intervals: intervalsOf(verdict, opinion),
  };
}

/** What is senseless is refused before any load, and the run then made without it. */
function readThresholds(world: World): { thresholds: LoadedThresholds; refusal: Violation[] } {
  const file = "thresholds/simulated.yaml";
  try {
    return { thresholds: parseThresholds(world.thresholds, file), refusal: [] };
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    const { client, ...head } = JSON.parse(world.thresholds) as { client: { id: string }[] };
    const sound = client.filter(({ id }) => !id.startsWith("senseless"));
    const refusal: Violation[] =
      sound.length < client.length
        ? []
        : [{ property: "wrong-refusal", kind: thrown.problems[0]?.message ?? "" }];
    const usual = {
      id: "errors",
      metric: "http_req_failed",
      stat: "rate",
      max: "5%",
      severity: "gate",
      why: "It is simulated.",
    };
    const text = JSON.stringify({ ...head, client: sound.length > 0 ? sound : [usual] });
    return { thresholds: parseThresholds(text, file), refusal };
  }
}

function measure(happened: Happened, criteria: readonly ClientCriterion[], isWhole: boolean) {
  const draw = drawFrom(happened.world.seed + 1);
  if (happened.world.engine === "autocannon") return measureByEmbedded(happened, draw);
  const measured = measureByK6(happened, criteria, draw, isWhole);
  return happened.world.engine === "k6" ? measured : measureBySeveral(measured, happened.world);
}

function opinionOf(happened: Happened, criteria: readonly ClientCriterion[]): Opinion {
  const cells = ledgerOf(happened);
  const gates = criteria.filter(({ severity }) => severity === "gate");
  return {
    truths: gates.map((criterion) => truthOf(criterion, cells, happened.world)),
    flaws: flawsOf(happened, cells, gates),
  };
}

/** Only of runs that nothing stood between, and of shares that are neither none nor all. */
function intervalsOf({ criteria }: Verdict, { truths, flaws }: Opinion) {
  const known = flaws.some(({ excuses }) => excuses)
    ? []
    : truths.filter(({ share }) => share > 0 && share < 1);
  const printed = known.flatMap(({ id, share }) => {
    const interval = criteria.find((criterion) => criterion.id === id)?.interval ?? null;
    return interval === null ? [] : [interval.low <= share && share <= interval.high];
  });
  return { intervals: printed.length, held: printed.filter(Boolean).length };
}

/** What is known of a run before it begins. */
function runOf(world: World): Omit<RunResult, keyof Measurement | "server"> {
  return {
    schema: "headroom/run@1",
    id: `simulated-${world.seed}`,
    system: "simulated",
    asked: {
      target: TARGET,
      scenario: world.scenario,
      script: null,
      load: world.plan,
      expected: expectCalls(world.journey, world.plan),
      command: "gate simulated",
    },
    environment: {
      headroom: "0.0.0",
      node: "v20",
      os: "linux",
      cpuCores: 2,
      cpuModel: "simulated",
      memoryBytes: 8 * 1024 ** 3,
      ci: null,
    },
    thresholds: { file: "thresholds/simulated.yaml", text: world.thresholds },
  };
}

/** Every reporter has something to say, and run.json is what its schema says. */
function render(run: RunResult, verdict: Verdict): void {
  const read = RunResult.parse(JSON.parse(JSON.stringify(run)));
  for (const reporter of Object.values(reporters))
    for (const { name, text } of reporter.render({ run: read, verdict, comparison: null }))
      if (text === "" || /\bNaN\b/.test(text.replace(/<script[\s\S]*?<\/script>/g, "")))
        throw new Error(`${name} says nothing, or NaN`);
  renderTerminal({ run: read, verdict }, { color: false, columns: 120 });
}
