import type { Load } from "../../scenarios/lib/load.ts";
import { InputError } from "../model/problem.ts";
import { planFor } from "../systems/load-scenario.ts";
import type { GateSubject } from "./gate-subject.ts";
import type { ScalingOptions } from "./options.ts";
import { newestPlan } from "./plan-inputs.ts";
import type { Terminal } from "./terminal.ts";
import { shownPath } from "./write-files.ts";

/** `--rate from-plan:p90` as the number the newest plan has for it; null where the rate is none of a plan's. */
export function plannedRate(
  system: string | undefined,
  { rate }: ScalingOptions,
  terminal: Terminal,
): number | null {
  if (typeof rate !== "string") return null;
  if (system === undefined) throw InputError.option("no system named", "A plan is of a system: name it");
  const { file, rehearsal } = newestPlan(system);
  terminal.note(
    `${rehearsal[rate].toFixed(1)} requests/s: ${rate} of ${rehearsal.signal} at the horizon of ${shownPath(file)}`,
  );
  return rehearsal[rate];
}

export function withoutRate<T extends ScalingOptions>({ rate: _, ...rest }: T): Omit<T, "rate"> {
  return rest;
}

/**
 * The forecast demand as it will come, at its rate whatever the answers take, for as long as the scenario lasts: the
 * scenario's own load may be users that wait for answers.
 */
export function rehearsalLoad(rate: number, { plan }: GateSubject): Load {
  const totalMs = plan?.totalMs ?? 0;
  const share = (part: number) => `${Math.round(totalMs * part)}ms`;
  return {
    model: "open",
    stages: [
      { duration: share(0.1), target: rate },
      { duration: share(0.8), target: rate },
      { duration: share(0.1), target: 0 },
    ],
  };
}

export function replan({ journey, script }: GateSubject, load: Load) {
  if (journey === null)
    throw InputError.option("a script has a load of its own", "Leave out --rate from-plan");
  return planFor(journey, load, {}, script);
}
