import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Journey } from "../../scenarios/lib/journey.ts";
import type { LoadPlan } from "../../scenarios/lib/load.ts";
import { NO_ALERTING } from "../model/alerting.ts";
import { appliesTo, type ClientCriterion } from "../model/criterion.ts";
import { InputError } from "../model/problem.ts";
import { checkPhases } from "../systems/check-phases.ts";
import { findRoot } from "../systems/find-root.ts";
import { requireSystem } from "../systems/list-systems.ts";
import { loadJourney, loadShape, planFor } from "../systems/load-scenario.ts";
import { scriptEnv } from "../systems/script-env.ts";
import { type LoadedThresholds, loadThresholds, loadThresholdsFile } from "../systems/thresholds-file.ts";
import { parseTarget, type ScalingOptions, scalingOf } from "./options.ts";
import type { CommonOptions } from "./terminal.ts";

export interface SubjectOptions extends CommonOptions, ScalingOptions {
  readonly target?: string;
  readonly scenario: string;
  readonly script?: string;
  readonly thresholds?: string;
  readonly strict?: boolean;
  /** Variables beside the usual ones that the script may see. */
  readonly env?: string[];
}

/** What is to be run, everything about it checked. */
export interface GateSubject {
  readonly system: string;
  readonly scenario: string;
  readonly root: string;
  readonly script: string;
  /** The user's own script as it was named; null: the system's scenario. */
  readonly ownScript: string | null;
  readonly journey: Journey | null;
  readonly plan: LoadPlan | null;
  readonly criteria: LoadedThresholds;
  readonly target: string | null;
  /** A criterion whose interval holds its limit leaves the run undecided. */
  readonly isStrict: boolean;
  /** The environment of the journey or script. */
  readonly env: Readonly<Record<string, string>>;
}

/** Resolves what the command line names; throws an InputError for what is wrong with it. */
export async function findSubject(system: string | undefined, options: SubjectOptions): Promise<GateSubject> {
  const root = findRoot(options.root, process.cwd());
  const target = options.target === undefined ? null : parseTarget(options.target);
  if (options.script !== undefined) return findScript(system, options.script, options, root, target);
  if (system === undefined)
    throw InputError.option(
      "no system named",
      "Name one (`headroom systems` lists them) or give --script FILE",
    );
  requireSystem(root, system);
  if (target === null)
    throw InputError.option("no target", "Give --target URL; `headroom testbed` serves a stand-in");
  const criteria =
    options.thresholds === undefined ? loadThresholds(root, system) : loadThresholdsFile(options.thresholds);
  const load = await loadShape(root, system, options.scenario);
  const journey = await loadJourney(root, system);
  const script = join(root, "scenarios", system, `${options.scenario}.ts`);
  const plan = planFor(journey, load, scalingOf(options), script);
  const named = criteria.thresholds.client.filter(({ shapes }) => shapes?.includes(options.scenario));
  const problems = checkPhases(
    { ...criteria, thresholds: { ...criteria.thresholds, client: named } },
    new Map([[options.scenario, plan]]),
  );
  if (problems.length > 0) throw new InputError(problems);
  return {
    system,
    scenario: options.scenario,
    root,
    script,
    ownScript: null,
    journey,
    plan,
    criteria,
    target,
    isStrict: options.strict === true,
    env: scriptEnv(process.env, options.env),
  };
}

function findScript(
  system: string | undefined,
  file: string,
  options: SubjectOptions,
  root: string,
  target: string | null,
): GateSubject {
  const script = resolve(file);
  if (!existsSync(script))
    throw new InputError([{ file, message: "no such file", remedy: "Give the path of a k6 script" }]);
  if (Object.keys(scalingOf(options)).length > 0) {
    throw InputError.option(
      "a script of your own has its own load",
      "Change its options, or leave out --time-scale, --load-scale, --duration and --rate",
    );
  }
  const name = basename(file).replace(/\.[cm]?[jt]s$/, "");
  const slug =
    system ??
    (name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "") ||
      "script");
  if (system !== undefined && options.thresholds === undefined) requireSystem(root, system);
  const criteria =
    options.thresholds !== undefined
      ? loadThresholdsFile(options.thresholds)
      : system !== undefined
        ? loadThresholds(root, system)
        : {
            thresholds: { system: slug, client: [], server: [], regression: [] },
            alerting: NO_ALERTING,
            assumptions: [],
            file: "none",
            text: "",
          };
  return {
    system: slug,
    scenario: name,
    root,
    script,
    ownScript: file,
    journey: null,
    plan: null,
    criteria,
    target,
    isStrict: options.strict === true,
    env: scriptEnv(process.env, options.env),
  };
}

/** Criteria that speak of a phase the load does not have would be thresholds without samples. */
export function criteriaForLoad({ criteria, plan, scenario }: GateSubject): ClientCriterion[] {
  return criteria.thresholds.client.filter((criterion) => appliesTo(criterion, scenario, plan));
}
