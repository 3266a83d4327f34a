import { stringify } from "yaml";
import { z } from "zod";
import { name, share, whole } from "../sizers/params.ts";
import { defineEmitter, findLine, headOf } from "./emitter.ts";

const Params = z
  .strictObject({
    resource: name.describe("Resource of the instances."),
    deployment: name,
    min: whole.describe("Fewest replicas."),
    max: whole.describe("Most replicas today; raised where more are needed, never lowered."),
    cpu: share,
    memory: share.optional(),
  })
  .refine(({ min, max }) => min <= max, {
    path: ["min"],
    message: "min is above max: lower the one or raise the other",
  });

/** HorizontalPodAutoscaler, autoscaling/v2 (Kubernetes API reference). */
export const hpa = defineEmitter<z.infer<typeof Params>>({
  describes: "hpa.yaml: the autoscaler's bounds (Kubernetes, autoscaling/v2)",
  params: Params,
  reads: ({ resource }) => [resource],
  emit({ resource, deployment, min, max, cpu, memory }, context) {
    const line = findLine(context, resource);
    if (line === null) return null;
    const metric = (name: string, target: number) => ({
      type: "Resource",
      resource: { name, target: { type: "Utilization", averageUtilization: Math.round(target * 100) } },
    });
    const manifest = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: deployment },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
        minReplicas: min,
        maxReplicas: Math.max(max, line.recommended),
        metrics: [metric("cpu", cpu), ...(memory === undefined ? [] : [metric("memory", memory)])],
      },
    };
    return { name: "hpa.yaml", text: `${headOf(context, [line]).join("\n")}\n${stringify(manifest)}` };
  },
});
