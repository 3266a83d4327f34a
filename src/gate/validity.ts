import type { Criterion } from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import type { JudgedCriterion } from "../model/verdict.ts";
import { answerReasons } from "./answer-reasons.ts";
import { coverageReasons } from "./coverage-reasons.ts";
import { criterionReasons } from "./criterion-reasons.ts";
import { deliveryReasons } from "./delivery-reasons.ts";
import { distributedReasons } from "./distributed-reasons.ts";
import { engineReasons } from "./engine-reasons.ts";
import { generatorReasons } from "./generator-reasons.ts";
import { hostReasons } from "./host-reasons.ts";
import type { ValidityReason } from "./reason.ts";
import { redirectReasons } from "./redirect-reasons.ts";
import { unjudgedReasons } from "./unjudged-reasons.ts";

/**
 * Everything that keeps this run from proving something; empty when it is valid.
 *
 * @param isStrict a criterion whose interval holds its limit is one that the run has not decided
 */
export function findValidityReasons(
  run: RunResult,
  applicable: readonly Criterion[],
  judged: readonly JudgedCriterion[],
  isStrict: boolean,
): ValidityReason[] {
  const { generators } = run.evidence;
  return [
    ...(generators === undefined ? engineReasons(run) : distributedReasons(run.evidence, generators)),
    ...hostReasons(run),
    ...deliveryReasons(run),
    ...coverageReasons(run),
    ...generatorReasons(run),
    ...redirectReasons(run),
    ...answerReasons(run),
    ...unjudgedReasons(run, applicable),
    ...criterionReasons(judged, isStrict),
  ];
}
