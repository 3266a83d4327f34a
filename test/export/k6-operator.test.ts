import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Pod } from "kubernetes-models/v1/Pod";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { type LoadPlan, planLoad } from "../../scenarios/lib/load.ts";
import { type OperatorInput, renderTestRun } from "../../src/export/k6-operator.ts";
import { InputError } from "../../src/model/problem.ts";

const plan: LoadPlan = planLoad(
  { model: "open", stages: [{ duration: "10m", target: 8000 }] },
  { requestsPerIteration: 2, pauseSeconds: 0 },
);
const input: OperatorInput = {
  runId: "release-1-4-2",
  namespace: "load",
  parallelism: 4,
  script: 'export default () => {};\n// "quotes", --- and $dollars\n',
  plan,
  order: { labels: { system: "shop" }, limits: [] },
  scaling: "{}",
  target: "http://shop.default.svc",
  remoteWrite: "http://prometheus.monitoring:9090/api/v1/write",
  secret: "headroom-shop",
  image: "grafana/k6:2.2.0",
  separate: true,
};

type Made = Record<string, never> & { spec: { runner: Record<string, never> } };
const documentsOf = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as Made);

/**
 * TestRun as k6-operator's API types have it (api/v1alpha1/testrun_types.go), closed so that a field of another name
 * is found; the parts that are Kubernetes' own are checked by its schema below.
 */
const PodOf = z.strictObject({
  image: z.string(),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  envFrom: z.array(z.unknown()),
  resources: z.unknown(),
  securityContext: z.unknown(),
});
const TestRun = z.strictObject({
  apiVersion: z.literal("k6.io/v1alpha1"),
  kind: z.literal("TestRun"),
  metadata: z.strictObject({
    name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()),
  }),
  spec: z.strictObject({
    parallelism: z.int().positive(),
    separate: z.boolean().optional(),
    script: z.strictObject({ configMap: z.strictObject({ name: z.string(), file: z.string() }) }),
    arguments: z.string(),
    cleanup: z.literal("post"),
    initializer: PodOf,
    runner: PodOf,
  }),
});

describe("export k6-operator", () => {
  it("is a ConfigMap and a TestRun of the forms that Kubernetes and the operator know", () => {
    const [configMap, testRun] = documentsOf(renderTestRun(input));
    new ConfigMap(configMap as never).validate();
    const parsed = TestRun.parse(testRun);
    for (const { image, env, envFrom, resources, securityContext } of [
      parsed.spec.runner,
      parsed.spec.initializer,
    ]) {
      const container = { name: "k6", image, env, envFrom, resources };
      new Pod({
        metadata: parsed.metadata,
        spec: { containers: [container], securityContext },
      } as never).validate();
    }
  });

  it("Kubernetes' schema is one that refuses", () => {
    expect(() =>
      new Pod({ spec: { containers: [{ name: "k6", env: { TARGET: "http://…" } }] } } as never).validate(),
    ).toThrow();
  });

  it("carries the script unchanged, and the run in every generator's environment and tags", () => {
    const [configMap, testRun] = documentsOf(renderTestRun(input));
    expect((configMap as unknown as { data: Record<string, string> }).data["script.js"]).toBe(input.script);
    const { spec } = TestRun.parse(testRun);
    const env = Object.fromEntries(spec.runner.env.map(({ name, value }) => [name, value]));
    expect(spec.arguments).toBe("--tag testid=release-1-4-2 --out experimental-prometheus-rw");
    expect(env).toMatchObject({
      TARGET: input.target,
      K6_PROMETHEUS_RW_SERVER_URL: input.remoteWrite,
      K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: "true",
      HEADROOM_RUN: JSON.stringify(input.order),
    });
  });

  it("asks for the cores and the memory that its share of the load takes", () => {
    const memory = (parallelism: number) => {
      const { spec } = TestRun.parse(documentsOf(renderTestRun({ ...input, parallelism }))[1]);
      const { requests } = spec.runner.resources as { requests: { cpu: string; memory: string } };
      return { cpu: Number(requests.cpu), mebibytes: Number.parseInt(requests.memory, 10) };
    };
    // 8,000/s at the peak, 2.4 million requests of 242 bytes and 4,005 users of 1.1 MB.
    expect(memory(1).cpu).toBe(2);
    expect(memory(4).cpu).toBe(1);
    expect(memory(1).mebibytes).toBeGreaterThan(4500);
    expect(memory(4).mebibytes / memory(1).mebibytes).toBeGreaterThan(0.25);
    expect(memory(4).mebibytes / memory(1).mebibytes).toBeLessThan(0.3);
  });

  it("refuses a load that cannot be divided so often", () => {
    const few = { ...plan, preAllocatedUsers: 3 };
    expect(() => renderTestRun({ ...input, plan: few })).toThrow(InputError);
  });

  it("refuses a script that no ConfigMap holds, to the byte", () => {
    const most = 1024 ** 2 - 16 * 1024;
    expect(() => renderTestRun({ ...input, script: "é".repeat(most / 2) })).not.toThrow();
    expect(() => renderTestRun({ ...input, script: `${"é".repeat(most / 2)}x` })).toThrow(/ConfigMap holds/);
  });
});
