import type { LoadPlan } from "../../scenarios/lib/load.ts";
import { lacksPhase } from "../model/criterion.ts";
import type { Problem } from "../model/problem.ts";
import type { LoadedThresholds } from "./thresholds-file.ts";

/**
 * Criteria on a phase that no load reaches: they would never have a sample. One that names its load shapes must find its
 * phase in each of them; one that names none, in some.
 *
 * @param plans by load shape
 */
export function checkPhases(
  { thresholds, file, text }: LoadedThresholds,
  plans: ReadonlyMap<string, LoadPlan>,
): Problem[] {
  return thresholds.client.flatMap((criterion) => {
    const { id, phase, shapes } = criterion;
    const named = [...plans].filter(([shape]) => shapes === null || shapes.includes(shape));
    const lacking = named.filter(([, plan]) => lacksPhase(criterion, plan)).map(([shape]) => shape);
    const isMissed = shapes === null ? lacking.length === named.length : lacking.length > 0;
    if (phase === null || named.length === 0 || !isMissed) return [];
    const reached = new Set(named.flatMap(([, plan]) => plan.stages.map((stage) => stage.phase)));
    return [
      {
        file,
        line: lineOfCriterion(text, id),
        path: id,
        message: `the ${lacking.join(" and the ")} load has no ${phase} phase: the criterion would have no samples`,
        remedy: `Name a phase it has (${[...reached].join(", ")}), or the shapes that have this one`,
      },
    ];
  });
}

export const lineOfCriterion = (text: string, id: string): number =>
  text.split("\n").findIndex((line) => line.includes(`id: ${id}`)) + 1;
