import { createHash } from "node:crypto";
import { z } from "zod";
import type { LoadPlan, Scaling } from "../../../scenarios/lib/load.ts";
import type { DurationLimit, RunnerOrder } from "../../../scenarios/lib/runner-order.ts";
import type { ClientCriterion } from "../../model/criterion.ts";
import { InputError } from "../../model/problem.ts";
import { parseJson } from "../k6/parse-json.ts";

const ScalingText = z.partialRecord(
  z.enum(["timeScale", "loadScale", "durationMs", "ratePerSecond"]),
  z.number().positive(),
);

/** What a mark says the load was scaled by; null where it is nothing of the kind. */
export const scalingIn = (text: string): Scaling | null =>
  ScalingText.safeParse(parseJson(text)).data ?? null;

/** What the mark of every generator says about the run it is part of. */
export const RunLabels = z.object({
  system: z.string(),
  scenario: z.string(),
  /** What the load was scaled by, as JSON. */
  scaling: z.string().refine((text) => scalingIn(text) !== null),
  /** Fingerprint of the load the generators were given. */
  load: z.string(),
  runners: z.string().regex(/^[1-9]\d*$/),
  target: z.string(),
  k6: z.string(),
});
export type RunLabels = z.infer<typeof RunLabels>;

/** Tag of every sample of a run, and the one that tells its generators apart (k6-operator sets it). */
export const RUN_TAG = "testid";
export const RUNNER_TAG = "instance_id";

export interface DistributedRun {
  readonly system: string;
  readonly scenario: string;
  readonly scaling: Scaling;
  readonly plan: LoadPlan;
  readonly runners: number;
  readonly target: string;
  readonly k6: string;
  readonly criteria: readonly ClientCriterion[];
}

/** What each generator is told, for HEADROOM_RUN. */
export function runnerOrder(run: DistributedRun): RunnerOrder {
  const { system, scenario, target, k6 } = run;
  const labels: RunLabels = {
    system,
    scenario,
    scaling: JSON.stringify(run.scaling),
    load: fingerprint(run.plan),
    runners: String(run.runners),
    target,
    k6,
  };
  return { labels, limits: durationLimits(run.criteria) };
}

/** The same for the same load; twelve digits are enough to tell the loads of a system apart. */
export function fingerprint(plan: LoadPlan): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 12);
}

/** Criteria on durations that a generator can count the breaches of: those by endpoint and phase alone. */
export function durationLimits(criteria: readonly ClientCriterion[]): DurationLimit[] {
  return criteria
    .filter(
      ({ metric, tags, stat }) =>
        metric === "http_req_duration" &&
        Object.keys(tags).every((key) => key === "name") &&
        ["quantile", "min", "max"].includes(stat.kind),
    )
    .map(({ tags, phase, bound }) => ({
      endpoint: tags.name ?? null,
      phase,
      operator: bound.operator,
      ms: bound.value,
    }));
}

/** A name that is safe as a label's value, as a Kubernetes name and inside PromQL. */
export function requireRunId(text: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(text)) return text;
  throw InputError.option(
    `--run-id ${text} is no name for a run`,
    "Write lower-case letters, digits and dashes, at most 40, such as release-1-4-2",
  );
}
