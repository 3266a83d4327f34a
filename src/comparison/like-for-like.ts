import type { Difference } from "../model/comparison.ts";
import type { RunResult } from "../model/run.ts";

/** Everything that must be the same for two runs to be comparable; the target is what differs on purpose. */
export type Conditions = Pick<RunResult, "system" | "environment"> & {
  readonly asked: Pick<RunResult["asked"], "scenario" | "script" | "load">;
  readonly engine: RunResult["engine"];
};

/** What a difference is about: a load is never comparable to another, a machine is when one insists. */
export interface ConditionDifference extends Difference {
  readonly kind: "load" | "machine";
}

/** What differs between two runs' conditions; empty: like for like. */
export function differencesBetween(baseline: Conditions, candidate: Conditions): ConditionDifference[] {
  const facets: [ConditionDifference["kind"], string, (run: Conditions) => string][] = [
    ["load", "system", ({ system }) => system],
    ["load", "scenario", ({ asked }) => asked.scenario],
    ["load", "load", describeLoad],
    ["load", "engine", ({ engine }) => engine.name],
    ["machine", "generators", ({ engine }) => String(engine.generators ?? 1)],
    ["machine", "engine version", ({ engine }) => engine.version],
    ["machine", "generator's cores", ofOwn(({ environment }) => String(environment.cpuCores))],
    ["machine", "generator's processor", ofOwn(({ environment }) => environment.cpuModel)],
  ];
  return facets.flatMap(([kind, what, read]) => {
    const [before, now] = [read(baseline), read(candidate)];
    return before === now ? [] : [{ kind, what, baseline: before, candidate: now }];
  });
}

/** Of a machine that made the load itself; where generators elsewhere did, it only read their store. */
function ofOwn(read: (run: Conditions) => string) {
  return (run: Conditions) => (run.engine.generators === undefined ? read(run) : "another machine");
}

/** Model and stages in a form that is the same for the same load, and that a person can compare. */
function describeLoad({ asked: { load, script } }: Conditions): string {
  if (load === null) return `the script's own (${script ?? "unknown"})`;
  const unit = load.model === "open" ? "/s" : " users";
  const stages = load.stages.map(
    ({ durationMs, from, target, phase }) =>
      `${phase} ${round(from)}→${round(target)}${unit} in ${round(durationMs / 1000)} s`,
  );
  return `${load.model}: ${stages.join(", ")}`;
}

const round = (value: number) => Number(value.toFixed(3));

export const describeDifference = ({ what, baseline, candidate }: Difference) =>
  `${what}: ${baseline} then, ${candidate} now`;
