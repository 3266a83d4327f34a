import { existsSync } from "node:fs";
import { join } from "node:path";
import { checksOf } from "../../scenarios/lib/answers.ts";
import type { Journey } from "../../scenarios/lib/journey.ts";
import { allSteps, setupSteps } from "../../scenarios/lib/journey.ts";
import type { LoadPlan } from "../../scenarios/lib/load.ts";
import { extractedNames, placeholdersOf } from "../../scenarios/lib/variables.ts";
import { EACH_ENDPOINT } from "../model/criterion.ts";
import { InputError, type Problem } from "../model/problem.ts";
import { checkPhases, lineOfCriterion } from "./check-phases.ts";
import { loadJourney, loadShape, planFor } from "./load-scenario.ts";
import { loadTestbed } from "./load-testbed.ts";
import { SHAPES } from "./shapes.ts";
import { type LoadedThresholds, loadThresholds } from "./thresholds-file.ts";

/** Every problem of one system's files, and of what they say about each other. */
export async function checkSystem(root: string, system: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  const gather = async <T>(load: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await load();
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown;
      problems.push(...thrown.problems);
      return null;
    }
  };
  const thresholds = await gather(() => loadThresholds(root, system));
  const journey = await gather(() => loadJourney(root, system));
  const plans = new Map<string, LoadPlan>();
  for (const shape of SHAPES) {
    const load = await gather(() => loadShape(root, system, shape));
    const file = join("scenarios", system, `${shape}.ts`);
    const plan = load && journey && (await gather(() => planFor(journey, load, {}, file)));
    if (plan) plans.set(shape, plan);
  }
  if (journey && existsSync(join(root, "scenarios", system, "testbed.ts")))
    await gather(() => loadTestbed(root, system, journey));
  if (journey) problems.push(...checkPaths(journey, join("scenarios", system, "journey.ts")));
  if (journey && thresholds) problems.push(...checkReferences(journey, thresholds));
  if (thresholds) problems.push(...checkPhases(thresholds, plans));
  return withoutTwins(problems);
}

/** A broken journey breaks every scenario that imports it in the same place. */
function withoutTwins(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** A criterion on an endpoint or check the journey does not have would never have a sample. */
function checkReferences(journey: Journey, { thresholds, file, text }: LoadedThresholds): Problem[] {
  const steps = allSteps(journey);
  const known = {
    name: steps.map(({ endpoint }) => endpoint),
    check: steps.flatMap((step) => Object.keys(checksOf(step))),
  };
  const named = [
    ...thresholds.client.map(({ id, tags }) => ({ id, tags })),
    ...thresholds.regression.map(({ id, endpoint }) => ({
      id,
      tags: endpoint === null || endpoint === EACH_ENDPOINT ? {} : { name: endpoint },
    })),
  ];
  return named.flatMap((criterion) =>
    (["name", "check"] as const).flatMap((tag) => {
      const value = (criterion.tags as Record<string, string>)[tag];
      if (value === undefined || known[tag].includes(value)) return [];
      return [
        {
          file,
          line: lineOfCriterion(text, criterion.id),
          path: criterion.id,
          message: `the journey has no ${tag === "name" ? "endpoint" : "check"} "${value}"`,
          remedy: `Use one of: ${known[tag].join(", ")}`,
        },
      ];
    }),
  );
}

/** A placeholder that nothing fills leaves its step out of every iteration, silently. */
function checkPaths(journey: Journey, file: string): Problem[] {
  const beforehand = setupSteps(journey);
  const given = new Set([...Object.keys(journey.vars ?? {}), ...beforehand.flatMap(extractedNames)]);
  return journey.steps.flatMap((step, index) =>
    placeholdersOf(step.path)
      .filter(
        (name) =>
          !given.has(name) &&
          !journey.steps.slice(0, index).some((earlier) => extractedNames(earlier).includes(name)),
      )
      .map((name) => ({
        file,
        path: `steps[${index}].path`,
        message: `nothing sets {${name}}`,
        remedy: "Extract it in an earlier step, or create what it names in `prepare`",
      })),
  );
}
