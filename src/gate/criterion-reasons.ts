import type { JudgedCriterion } from "../model/verdict.ts";
import { isDecided } from "./is-decided.ts";
import type { ValidityReason } from "./reason.ts";

/** Gate criteria that decide nothing. */
export function criterionReasons(judged: readonly JudgedCriterion[], isStrict: boolean): ValidityReason[] {
  const gates = judged.filter((criterion) => criterion.severity === "gate");
  if (gates.length === 0)
    return [
      {
        code: "nothing-judged",
        message: "no gate criterion applies to this run",
        remedy: "Add one to the thresholds file, or choose another scenario",
        excusesFailure: false,
      },
    ];
  return [
    ...gates.filter(({ status }) => status === "no-data").map(withoutData),
    ...(isStrict ? gates.filter((criterion) => !isDecided(criterion)).map(undecided) : []),
  ];
}

const REMEDIES: Record<JudgedCriterion["kind"], string> = {
  server: "Check the query against Prometheus and that it scrapes the target",
  regression: "Lengthen the run or compare with several runs of the baseline",
  client: "Lengthen the run, raise the rate, or correct the endpoint, tags or phase of the criterion",
};

const withoutData = ({ id, kind, note }: JudgedCriterion): ValidityReason => ({
  code: "no-data",
  message: `${id} has no data: ${note ?? "no samples"}`,
  remedy: REMEDIES[kind],
  excusesFailure: false,
});

const undecided = ({ id }: JudgedCriterion): ValidityReason => ({
  code: "undecided",
  message: `${id} is not decided: its 95% interval holds the limit (--strict)`,
  remedy: "Lengthen or repeat the run",
  excusesFailure: false,
});
