import type { RunResult } from "../model/run.ts";
import { counted } from "../model/unit.ts";
import type { ValidityReason } from "./reason.ts";

/** Least share of the offered load that must have been delivered. */
const LEAST_ACHIEVED = 0.99;

/** Where the load that was made is not the one that was asked for. */
export function deliveryReasons({ evidence }: RunResult): ValidityReason[] {
  if (evidence.interrupted || !evidence.summaryComplete) return [];
  const reasons: ValidityReason[] = [];
  const {
    plannedIterations: planned,
    iterations,
    droppedIterations: dropped,
    maxUsers,
    usersSeen,
  } = evidence;
  const exhausted = (dropped ?? 0) > 0 && maxUsers !== null && usersSeen !== null && usersSeen >= maxUsers;
  if (exhausted) {
    reasons.push({
      code: "users-exhausted",
      message: `all ${maxUsers} virtual users were waiting, and ${counted(dropped ?? 0, "iteration")} never sent: the slowest answers are missing from the percentiles`,
      remedy: "The target is slower than the load allows for: raise maxUsers in the load, or lower the rate",
      excusesFailure: false,
    });
  } else if ((dropped ?? 0) > 0) {
    reasons.push({
      code: "iterations-dropped",
      message: `no virtual user was free in time for ${counted(dropped ?? 0, "iteration")}`,
      remedy: "Raise preallocated users (maxUsers in the load) or lower the rate",
      excusesFailure: false,
    });
  }
  // Iterations still waiting when the run ends are cut by k6 and are neither done nor dropped: one per user at most.
  const missing = planned !== null && iterations !== null ? planned - iterations : 0;
  const achieved = planned !== null && iterations !== null ? iterations / planned : 1;
  if (missing > 1 && achieved < LEAST_ACHIEVED) {
    reasons.push({
      code: "load-not-delivered",
      message: `${iterations} of ${planned} planned iterations were made (${(achieved * 100).toFixed(1)}%)`,
      remedy:
        "The load never reached the target as asked: look at dropped iterations, users and the generator's CPU",
      excusesFailure: false,
    });
  }
  const unfinished = evidence.unfinishedIterations ?? 0;
  if (unfinished > 0) {
    reasons.push({
      code: "iterations-unfinished",
      message: `at least ${counted(unfinished, "iteration")} still waited for an answer when the time to finish, 30 s after the load, was over: such requests are in no percentile and no error ratio`,
      remedy:
        "The target stopped answering: look at the last answers of the timeline and at the target's log",
      excusesFailure: false,
    });
  }
  if (iterations === 0) {
    reasons.push({
      code: "no-iterations",
      message: "not one iteration was completed",
      remedy: "Check the target and the script",
      excusesFailure: false,
    });
  }
  return reasons;
}
