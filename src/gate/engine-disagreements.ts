import type { RunResult } from "../model/run.ts";
import type { JudgedCriterion } from "../model/verdict.ts";

/** Where the engine's own judgement of a criterion differs from Headroom's, in words. */
export function engineDisagreements(run: RunResult, judged: readonly JudgedCriterion[]): string[] {
  return judged.flatMap((criterion) => {
    const said = run.engineThresholds.find((threshold) => threshold.criterion === criterion.id);
    if (said === undefined || said.ok === (criterion.status === "pass")) return [];
    const word = said.ok ? "passed" : "failed";
    return [
      `${run.engine.name} ${word} ${criterion.id}, Headroom says ${criterion.status}${criterion.note ? `: ${criterion.note}` : ""}`,
    ];
  });
}
