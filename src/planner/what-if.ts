import { InputError, type Problem } from "../model/problem.ts";
import { type Catalogue, findClass } from "./catalogue.ts";
import type { Profile, SizingRule } from "./profile/profile.ts";

/** What the profile says runs, changed for one question. */
export interface WhatIf {
  readonly instances?: number;
  readonly pool?: number;
  readonly class?: string;
}

/** A profile in which other things run; throws an InputError where nothing in it answers to a change. */
export function applyWhatIf(profile: Profile, whatIf: WhatIf, catalogue: Catalogue): Profile {
  const problems: Problem[] = [];
  const fail = (path: string, message: string, remedy: string) =>
    problems.push({ file: "command line", path: `--what-if ${path}`, message, remedy });
  const named = whatIf.class;
  if (named !== undefined && findClass(catalogue, named) === null)
    fail(
      "class",
      `the catalogue has no class "${named}"`,
      "Name one of it, or give another with --catalogue",
    );
  const kind = named?.split(".")[0] ?? "";
  const touched = new Set<keyof WhatIf>();
  const sizing = profile.sizing.map((rule): SizingRule => {
    const params = rule.params as Record<string, unknown>;
    const change = (key: keyof WhatIf, values: Record<string, unknown>): SizingRule => {
      touched.add(key);
      return { ...rule, params: { ...params, ...values } };
    };
    const { instances, pool } = whatIf;
    const isOfKind = (current: unknown) => typeof current === "string" && current.startsWith(`${kind}.`);
    if (rule.sizer === "instances" && instances !== undefined) {
      const ceiling = params.ceiling as number | undefined;
      return change("instances", {
        current: instances,
        ...(ceiling === undefined ? {} : { ceiling: Math.max(ceiling, instances) }),
      });
    }
    if (rule.sizer === "connections") {
      const byPool = pool === undefined ? {} : { pool, processes: 1 };
      const byClass = named !== undefined && isOfKind(params.class) ? { class: named } : {};
      if (pool !== undefined) touched.add("pool");
      return { ...rule, params: { ...params, ...byPool, ...byClass } };
    }
    if (rule.sizer === "database-class" && named !== undefined && isOfKind(params.current))
      return change("class", { current: named });
    if (rule.sizer === "redis-memory" && named !== undefined && isOfKind(params.class))
      return change("class", { class: named });
    return rule;
  });
  for (const key of Object.keys(whatIf) as (keyof WhatIf)[])
    if (!touched.has(key) && !problems.some(({ path }) => path === `--what-if ${key}`))
      fail(key, `${profile.system} sizes nothing that it changes`, "Leave it out");
  if (problems.length > 0) throw new InputError(problems);
  return { ...profile, sizing };
}
