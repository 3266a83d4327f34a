/** What setup leaves to the iterations: values that all know, and what was created for them. */
import { isExpected } from "./answers.ts";
import type { Answer, Journey, Step } from "./journey.ts";
import { isGiven } from "./variables.ts";

/** What a run begins with: the journey's own values, and a token that the environment gives instead of a login. */
export function startVars(journey: Journey, token: string | undefined): Record<string, string> {
  return { ...journey.vars, ...(token ? { token } : {}) };
}

/** What setup leaves to every iteration. */
export interface Session {
  readonly vars: Readonly<Record<string, string>>;
  /** What each preparation extracted. */
  readonly prepared: readonly Readonly<Record<string, string>>[];
}

/** What an iteration begins with. `roll` is uniform on [0, 1). */
export function beginVars({ vars, prepared }: Session, roll: number): Readonly<Record<string, string>> {
  const one = prepared[Math.floor(roll * prepared.length)];
  return one === undefined ? vars : { ...vars, ...one };
}

/** Why a preparation did not give what it is for, or null. */
export function preparationFlaw(step: Step, answer: Answer): string | null {
  if (!isExpected(step, answer.status)) return `${step.endpoint} answered ${answer.status || "nothing"}`;
  const missing = Object.entries(step.extract?.(answer) ?? {}).filter(([, value]) => !isGiven(value));
  return missing.length === 0
    ? null
    : `${step.endpoint} answered without ${missing.map(([name]) => name).join(", ")}`;
}
