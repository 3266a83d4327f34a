import type { Reason } from "../model/verdict.ts";

/** A reason that also says whether it could have broken a criterion the target itself would have met. */
export interface ValidityReason extends Reason {
  readonly excusesFailure: boolean;
}
