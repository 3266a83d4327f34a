import { readFileSync } from "node:fs";
import { History } from "../../src/model/history.ts";
import { isSized, type Plan } from "../../src/model/plan.ts";
import type { SizingLine } from "../../src/model/sizing-line.ts";
import type { EmittedFile } from "../../src/planner/emit/emitter.ts";
import { emitters } from "../../src/planner/emit/index.ts";
import { makePlan } from "../../src/planner/make-plan.ts";
import { loadProfile } from "../../src/planner/profile/load-profile.ts";
import type { Profile } from "../../src/planner/profile/profile.ts";
import { catalogue } from "./sizers/context.ts";

export interface ShippedPlan {
  readonly profile: Profile;
  readonly plan: Plan;
  readonly history: History;
  /** By emitter. */
  readonly files: Readonly<Record<string, EmittedFile>>;
}

/** What a shipped system's profile makes of the history that ships with it. */
export function shippedPlan(system: string): ShippedPlan {
  const profile = loadProfile(".", system);
  const history = History.parse(JSON.parse(readFileSync(`profiles/samples/${system}.json`, "utf8")));
  const plan = makePlan({
    profile,
    history,
    catalogue,
    horizonDays: profile.horizonDays,
    additions: { growth: 0, events: [] },
    measured: null,
  });
  const files = Object.fromEntries(
    Object.entries(profile.emit).flatMap(([name, params]) => {
      const file = params === undefined ? null : emitters[name]?.emit(params, { plan, catalogue });
      return file ? [[name, file]] : [];
    }),
  );
  return { profile, plan, history, files };
}

export function lineOf({ plan }: ShippedPlan, resource: string): SizingLine {
  const found = plan.sizing.filter(isSized).find((line) => line.resource === resource);
  if (found === undefined) throw new Error(`${resource} was not sized`);
  return found;
}

/** `name = value` of the parameter blocks of a parameter group. */
export function parametersIn(terraform: string): Record<string, string> {
  const blocks = terraform.matchAll(/parameter \{\s+name\s+= "([^"]+)"\s+value\s+= "([^"]+)"/g);
  return Object.fromEntries([...blocks].map(([, name, value]) => [name as string, value as string]));
}
