import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { pausePerIterationSeconds, requestsPerIteration } from "../../scenarios/lib/frequency.ts";
import type { Journey } from "../../scenarios/lib/journey.ts";
import { type Load, type LoadPlan, PHASES, planLoad, type Scaling } from "../../scenarios/lib/load.ts";
import { InputError, messageOf } from "../model/problem.ts";
import { isValidDuration } from "./duration.ts";
import { loadModule } from "./load-module.ts";
import { problemsOf } from "./read-yaml.ts";
import { SHAPES } from "./shapes.ts";

const LoadSchema = z.strictObject({
  model: z.enum(["open", "closed"]),
  start: z.number().nonnegative().optional(),
  stages: z
    .array(
      z.strictObject({
        duration: z.string().refine(isValidDuration, "Write a duration like 30s or 5m"),
        target: z.number().nonnegative(),
        phase: z.enum(PHASES as [string, ...string[]]).optional(),
      }),
    )
    .min(1),
  maxUsers: z.number().int().positive().optional(),
});

const stepShape = {
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  path: z.string().startsWith("/"),
  body: z.unknown().optional(),
  form: z.boolean().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  endpoint: z
    .string()
    .regex(/^[\w./ -]+$/, "Use letters, digits, spaces, dots, dashes and slashes: it becomes a tag in k6"),
  expect: z.array(z.number().int().min(100).max(599)).min(1).optional(),
  checks: z.record(z.string(), z.unknown()).optional(),
  extract: z.unknown().optional(),
  share: z.number().gt(0).max(1).optional(),
  pauseSeconds: z.number().nonnegative().optional(),
  authorized: z.boolean().optional(),
};
const JourneySchema = z.strictObject({
  title: z.string().min(1),
  vars: z.record(z.string(), z.string()).optional(),
  steps: z.array(z.strictObject(stepShape)).min(1),
  prepare: z.array(z.strictObject(stepShape)).min(1).optional(),
  preparations: z.number().int().min(1).max(1000).optional(),
  limits: z
    .array(
      z.strictObject({
        endpoint: z.string().optional(),
        perMinute: z.number().positive(),
        burst: z.number().int().nonnegative().optional(),
        why: z.string().trim().min(10),
      }),
    )
    .optional(),
  spends: z
    .strictObject({
      usdPerRequest: z.record(z.string(), z.number().nonnegative()),
      unaskedUsd: z.number().nonnegative(),
      why: z.string().trim().min(10),
    })
    .optional(),
  login: z.strictObject(stepShape).optional(),
  logout: z.strictObject(stepShape).optional(),
});

/** scenarios/<system>/journey.ts. */
export async function loadJourney(root: string, system: string): Promise<Journey> {
  const file = join("scenarios", system, "journey.ts");
  const module = await loadModule(requireFile(root, file), root);
  const parsed = JourneySchema.safeParse(module.default, { reportInput: true });
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, file));
  const journey = module.default as Journey;
  const endpoints = journey.steps.map((step) => step.endpoint);
  const twice = endpoints.find((endpoint, index) => endpoints.indexOf(endpoint) !== index);
  if (twice !== undefined) {
    throw new InputError([
      {
        file,
        path: "steps",
        message: `the endpoint "${twice}" is named twice`,
        remedy: "Give each step its own endpoint name",
      },
    ]);
  }
  return journey;
}

/** The load that scenarios/<system>/<shape>.ts exports. */
export async function loadShape(root: string, system: string, shape: string): Promise<Load> {
  if (!SHAPES.some((known) => known === shape)) {
    throw InputError.option(`unknown scenario "${shape}"`, `Available: ${SHAPES.join(", ")}`);
  }
  const file = join("scenarios", system, `${shape}.ts`);
  const module = await loadModule(requireFile(root, file), root);
  const parsed = LoadSchema.safeParse(module.load, { reportInput: true });
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, file));
  const missing = ["options", "iteration", "default"].filter((name) => module[name] === undefined);
  if (missing.length > 0) {
    throw new InputError([
      {
        file,
        message: `does not export ${missing.join(", ")}`,
        remedy:
          "End it as `headroom init` writes it: export const { options, setup, iteration, teardown } = bind(journey, load); export default iteration",
      },
    ]);
  }
  return module.load as Load;
}

/** The load's numbers for this journey; what cannot be planned is an InputError. */
export function planFor(journey: Journey, load: Load, scaling: Scaling, file: string): LoadPlan {
  try {
    return planLoad(
      load,
      {
        requestsPerIteration: requestsPerIteration(journey),
        pauseSeconds: pausePerIterationSeconds(journey),
      },
      scaling,
    );
  } catch (thrown) {
    throw new InputError([
      { file, message: messageOf(thrown), remedy: "Mend the load or the scaling options" },
    ]);
  }
}

function requireFile(root: string, file: string): string {
  if (existsSync(join(root, file))) return file;
  throw new InputError([
    { file, message: "no such file", remedy: "Write it, or scaffold the system with `headroom init <slug>`" },
  ]);
}
