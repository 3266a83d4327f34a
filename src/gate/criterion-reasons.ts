import type { JudgedCriterion } from "../model/verdict.ts";
import type { ValidityReason } from "./reason.ts";

/** Gate criteria that decide nothing. */
export function criterionReasons(judged: readonly JudgedCriterion[]): ValidityReason[] {
  const gates = judged.filter((criterion) => criterion.severity === "gate");
  if (gates.length === 0) {
    return [
      {
        code: "nothing-judged",
        message: "no gate criterion applies to this run",
        remedy: "Add one to the thresholds file, or choose another scenario",
        excusesFailure: false,
      },
    ];
  }
  return gates
    .filter((criterion) => criterion.status === "no-data")
    .map((criterion) => ({
      code: "no-data",
      message: `${criterion.id} has no data: ${criterion.note ?? "no samples"}`,
      remedy:
        criterion.kind === "server"
          ? "Check the query against Prometheus and that it scrapes the target"
          : criterion.kind === "regression"
            ? "Lengthen the run or compare with several runs of the baseline"
            : "Lengthen the run, raise the rate, or correct the endpoint, tags or phase of the criterion",
      excusesFailure: false,
    }));
}
