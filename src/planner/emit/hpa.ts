import { stringify } from "yaml";
import { z } from "zod";
import type { SizingLine } from "../../model/sizing-line.ts";
import { formatQuantity } from "../../model/unit.ts";
import { fitTarget } from "../hpa/fit-target.ts";
import { name, share, whole } from "../sizers/params.ts";
import { ceilingOf, defineEmitter, type EmitContext, findLine, headOf } from "./emitter.ts";

const Rule = z.strictObject({
  pods: whole.describe("Most pods a period adds or takes."),
  periodSeconds: whole.max(1800).describe("Length of that period, seconds (`periodSeconds` of the policy)."),
  stabilizationSeconds: z
    .number()
    .int()
    .nonnegative()
    .max(3600)
    .optional()
    .describe("`stabilizationWindowSeconds` of the direction. Left out: Kubernetes' default."),
});

const Params = z
  .strictObject({
    resource: name.describe("Resource of the instances."),
    name: name.optional().describe("Name of the autoscaler. Default: the deployment's."),
    namespace: name.optional().describe("Namespace of the manifest. Left out: it names none."),
    deployment: name.describe("Deployment that is scaled."),
    min: whole.describe("Fewest replicas."),
    max: whole.describe("Most replicas today; raised where more are needed."),
    cpu: share.describe("The operators' target, where no signal of CPU allows to fit one."),
    memory: share
      .optional()
      .describe(
        "The operators' memory target. Left out: an instance's memory does not fall when others start.",
      ),
    scaleUp: Rule.optional().describe("How fast pods are added. Left out: Kubernetes' default."),
    scaleDown: Rule.optional().describe("How fast pods are removed. Left out: Kubernetes' default."),
  })
  .refine(({ min, max }) => min <= max, {
    path: ["min"],
    message: "min is above max: lower the one or raise the other",
  });
type Params = z.infer<typeof Params>;

/** HorizontalPodAutoscaler, autoscaling/v2 (Kubernetes API reference). */
export const hpa = defineEmitter<Params>({
  describes: "hpa.yaml: an autoscaler that asks for what the plan recommends (Kubernetes, autoscaling/v2)",
  params: Params,
  reads: ({ resource }) => [resource],
  emit(params, context) {
    const line = findLine(context, params.resource);
    if (line === null) return null;
    const fitted = targetOf(params, line);
    const manifest = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: {
        name: params.name ?? params.deployment,
        ...(params.namespace === undefined ? {} : { namespace: params.namespace }),
      },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: params.deployment },
        minReplicas: params.min,
        maxReplicas: ceilingOf(context, line, params.max),
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: fitted.percent } },
          },
        ],
        ...behaviorOf(params),
      },
    };
    const notes = [...fitted.notes, ...memoryNote(params), ...ceilingNote(params, line, context)].map(
      (text) => `# ${text}`,
    );
    return {
      name: "hpa.yaml",
      text: `${[...headOf(context, [line]), ...notes].join("\n")}\n${stringify(manifest)}`,
    };
  },
});

/** Utilisation is a share of the request: fitted to the use at p90 of the horizon and to the recommended instances. */
function targetOf({ cpu }: Params, line: SizingLine): { percent: number; notes: string[] } {
  const used = line.usage.find(({ what }) => what === "CPU");
  const today = line.container?.requests.cpuCores ?? null;
  const request = today ?? line.container?.recommended.requests.cpuCores ?? null;
  if (used === undefined || request === null)
    return {
      percent: Math.round(cpu * 100),
      notes: [
        "Warning: without the container's CPU request and a signal of its use it is not known how many replicas this asks for.",
      ],
    };
  const { percent, isExact } = fitTarget(used.p90, request, line.recommended);
  const shown = (cores: number) => formatQuantity(cores, "cores");
  return {
    percent,
    notes: [
      `CPU: ${shown(used.p90)} in all at p90 of the horizon, ${shown(request)} requested by a container${today === null ? " (as recommended: set it in the Deployment)" : ""}: at ${percent}% of the request it asks for ${line.recommended}. Another request needs another target: ${shown(used.p90)} / (${line.recommended} × request).`,
      ...(isExact ? [] : ["The autoscaler's tolerance of 10% may keep it a replica short."]),
    ],
  };
}

const memoryNote = ({ memory }: Params): string[] =>
  memory === undefined
    ? []
    : [
        `Without the memory target of ${formatQuantity(memory, "ratio")}: an instance's memory does not fall when others start, so that it would run to the maximum.`,
      ];

function ceilingNote({ max }: Params, line: SizingLine, context: EmitContext): string[] {
  const ceiling = ceilingOf(context, line, max);
  return ceiling >= max
    ? []
    : [
        `maxReplicas ${ceiling} instead of ${max}: more do not fit into nodes, quota or the database's connections.`,
      ];
}

function behaviorOf({ scaleUp, scaleDown }: Params) {
  const rule = (given: z.infer<typeof Rule> | undefined) =>
    given && {
      ...(given.stabilizationSeconds === undefined
        ? {}
        : { stabilizationWindowSeconds: given.stabilizationSeconds }),
      policies: [{ type: "Pods", value: given.pods, periodSeconds: given.periodSeconds }],
    };
  if (scaleUp === undefined && scaleDown === undefined) return {};
  return {
    behavior: {
      ...(scaleUp === undefined ? {} : { scaleUp: rule(scaleUp) }),
      ...(scaleDown === undefined ? {} : { scaleDown: rule(scaleDown) }),
    },
  };
}
