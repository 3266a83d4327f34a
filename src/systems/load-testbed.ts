import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { allSteps, type Journey } from "../../scenarios/lib/journey.ts";
import type { Testbed } from "../../scenarios/lib/testbed.ts";
import { InputError } from "../model/problem.ts";
import { loadModule } from "./load-module.ts";
import { problemsOf } from "./read-yaml.ts";

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labels = z.record(z.string(), z.string()).optional();
const by = z.array(z.enum(["status", "method", "endpoint"])).optional();

const past = {
  name: z.string().regex(METRIC_NAME),
  labels,
  replicas: z.number().int().positive().optional(),
  level: z.number().nonnegative(),
};
const PastMetric = z.discriminatedUnion("follows", [
  z.strictObject({
    ...past,
    follows: z.literal("traffic"),
    type: z.enum(["counter", "gauge"]),
    idle: z.number().nonnegative().optional(),
  }),
  z.strictObject({ ...past, follows: z.literal("time"), type: z.literal("gauge"), growth: z.number() }),
]);

const TestbedSchema = z.strictObject({
  workers: z.number().int().positive(),
  queueLimit: z.number().int().positive().optional(),
  endpoints: z.record(
    z.string(),
    z
      .strictObject({
        medianMs: z.number().positive(),
        p95Ms: z.number().positive(),
        answer: z.unknown().optional(),
      })
      .refine(({ medianMs, p95Ms }) => p95Ms >= medianMs, "p95Ms is at least medianMs"),
  ),
  metrics: z
    .array(
      z.discriminatedUnion("type", [
        z.strictObject({
          name: z.string().regex(METRIC_NAME),
          type: z.enum(["requests", "durations"]),
          labels,
          by,
        }),
        z.strictObject({
          name: z.string().regex(METRIC_NAME),
          type: z.enum(["gauge", "counter"]),
          labels,
          value: z.unknown(),
        }),
      ]),
    )
    .optional(),
  past: z.strictObject({ growth: z.number().min(-0.9), metrics: z.array(PastMetric).min(1) }).optional(),
  metricsPath: z.string().startsWith("/").optional(),
});

/** What a system without a testbed.ts gets: eight workers, 20 ms answers, `{}`. */
const PLAIN: Testbed = { workers: 8, endpoints: {} };

/** scenarios/<system>/testbed.ts, checked against the journey. */
export async function loadTestbed(root: string, system: string, journey: Journey): Promise<Testbed> {
  const file = join("scenarios", system, "testbed.ts");
  if (!existsSync(join(root, file))) return PLAIN;
  const module = await loadModule(file, root);
  const parsed = TestbedSchema.safeParse(module.default, { reportInput: true });
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, file));
  const known = allSteps(journey).map(({ endpoint }) => endpoint);
  const unknown = Object.keys(parsed.data.endpoints).filter((endpoint) => !known.includes(endpoint));
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((endpoint) => ({
        file,
        path: `endpoints.${endpoint}`,
        message: "the journey has no such endpoint",
        remedy: `Use one of: ${known.join(", ")}`,
      })),
    );
  }
  return module.default as Testbed;
}
