import type { Answer, Journey, Step } from "../../../scenarios/lib/journey.ts";
import { preparationFlaw, type Session } from "../../../scenarios/lib/session.ts";
import { extractVars } from "../../../scenarios/lib/variables.ts";

type Vars = Readonly<Record<string, string>>;

/** What the journey's `prepare` creates; what could not be created is left out, as in k6, and told to `say`. */
export async function prepareSession(
  { prepare = [], preparations = 1 }: Journey,
  vars: Vars,
  ask: (step: Step, vars: Vars) => Promise<Answer>,
  say: (text: string) => void,
): Promise<Session> {
  const prepared: Vars[] = [];
  for (let time = 0; time < preparations && prepare.length > 0; time++) {
    const created: Record<string, string> = {};
    const flaw = await prepareOnce(prepare, vars, created, ask);
    if (flaw === null) prepared.push(created);
    else say(`setup: ${flaw}`);
  }
  return { vars, prepared };
}

async function prepareOnce(
  steps: readonly Step[],
  vars: Vars,
  created: Record<string, string>,
  ask: (step: Step, vars: Vars) => Promise<Answer>,
): Promise<string | null> {
  for (const step of steps) {
    const answer = await ask(step, { ...vars, ...created });
    const flaw = preparationFlaw(step, answer);
    if (flaw !== null) return flaw;
    Object.assign(created, extractVars(step, answer));
  }
  return null;
}
