import { Document, Scalar } from "yaml";
import type { LoadPlan } from "../../scenarios/lib/load.ts";
import type { RunnerOrder } from "../../scenarios/lib/runner-order.ts";
import { RUN_TAG } from "../engines/distributed/run-order.ts";
import { estimateGeneratorMemory } from "../engines/k6/memory.ts";
import { InputError } from "../model/problem.ts";

export interface OperatorInput {
  readonly runId: string;
  readonly namespace: string;
  readonly parallelism: number;
  /** The bundled script. */
  readonly script: string;
  readonly plan: LoadPlan;
  readonly order: RunnerOrder;
  /** HEADROOM_SCALING, as JSON. */
  readonly scaling: string;
  readonly target: string;
  readonly remoteWrite: string;
  /** A Secret whose keys become environment variables: credentials of the journey and of the remote write. */
  readonly secret: string;
  readonly image: string;
  /** Each generator on a node of its own. */
  readonly separate: boolean;
}

/** etcd takes objects of 1 MiB (Kubernetes, ConfigMap: "not designed to hold large chunks of data"); the rest is metadata. */
const LARGEST_SCRIPT_BYTES = 1024 ** 2 - 16 * 1024;
/** Requests/s that one core makes with room to spare: a quarter of what it makes at most (bench/stress-against-others.mjs). */
const RATE_PER_CORE = 5000;
/** The user of k6's image. */
const K6_USER = 12345;

/**
 * A ConfigMap with the script and the TestRun that runs it, for `kubectl apply -f`: k6-operator gives every generator
 * its execution segment, so that together they make exactly the load of one. Throws an InputError for a load that
 * cannot be divided so often and for a script that does not fit.
 */
export function renderTestRun(input: OperatorInput): string {
  requireDivisible(input);
  requireFits(input);
  const name = `headroom-${input.runId}`;
  const metadata = {
    name,
    namespace: input.namespace,
    labels: { "app.kubernetes.io/managed-by": "headroom", "headroom/run": input.runId },
  };
  const configMap = new Document({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata,
    data: { "script.js": literal(input.script) },
  });
  configMap.commentBefore = ` Made by \`headroom export k6-operator\`. One run: export again for another.`;
  const testRun = new Document({
    apiVersion: "k6.io/v1alpha1",
    kind: "TestRun",
    metadata,
    spec: {
      parallelism: input.parallelism,
      ...(input.separate ? { separate: true } : {}),
      script: { configMap: { name, file: "script.js" } },
      arguments: `--tag ${RUN_TAG}=${input.runId} --out experimental-prometheus-rw`,
      cleanup: "post",
      initializer: podOf(input),
      runner: podOf(input),
    },
  });
  return [configMap, testRun].map((document) => document.toString({ lineWidth: 0 })).join("---\n");
}

function literal(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

function podOf(input: OperatorInput) {
  const environment: Record<string, string> = {
    TARGET: input.target,
    HEADROOM_SCALING: input.scaling,
    HEADROOM_RUN: JSON.stringify(input.order),
    K6_NO_USAGE_REPORT: "true",
    K6_PROMETHEUS_RW_SERVER_URL: input.remoteWrite,
    K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: "true",
    K6_PROMETHEUS_RW_PUSH_INTERVAL: "5s",
    // A mark at the end would hide the last values of a generator that ended before the others.
    K6_PROMETHEUS_RW_STALE_MARKERS: "false",
  };
  const cores = Math.max(1, Math.ceil(input.plan.peak / input.parallelism / RATE_PER_CORE));
  const memory = estimateGeneratorMemory(input.plan, input.parallelism);
  return {
    image: input.image,
    env: Object.entries(environment).map(([name, value]) => ({ name, value })),
    envFrom: [{ secretRef: { name: input.secret, optional: true } }],
    // No CPU limit: a generator that is throttled times its own waiting.
    resources: {
      requests: { cpu: String(cores), memory: mebibytes(memory.leastBytes) },
      ...(memory.bytes === null ? {} : { limits: { memory: mebibytes(2 * memory.bytes) } }),
    },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: K6_USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 ** 2 / 64) * 64}Mi`;

function requireDivisible({ parallelism, plan }: OperatorInput): void {
  if (plan.preAllocatedUsers >= parallelism) return;
  throw InputError.option(
    `--parallelism ${parallelism}: the load has ${plan.preAllocatedUsers} virtual users to begin with, and every generator needs one`,
    `Use at most ${plan.preAllocatedUsers} generators, or raise the load`,
  );
}

function requireFits({ script }: OperatorInput): void {
  const bytes = Buffer.byteLength(script);
  if (bytes <= LARGEST_SCRIPT_BYTES) return;
  throw InputError.option(
    `the bundled script has ${bytes} bytes and a ConfigMap holds ${LARGEST_SCRIPT_BYTES}`,
    "Leave out what the journey does not need, such as large test data or a whole library",
  );
}
