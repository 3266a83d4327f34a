import { z } from "zod";
import type { Placement } from "../../model/sizing-line.ts";
import { GIB } from "../../model/unit.ts";
import { type Catalogue, findClass } from "../catalogue.ts";
import { share, whole } from "./params.ts";
import type { GrowthBound } from "./sizer.ts";

/** `maxSurge` of a rolling update (Kubernetes). */
export const surge = z
  .union([
    z
      .number()
      .int()
      .nonnegative()
      .max(1000)
      .transform((count) => ({ count, share: 0 })),
    share.transform((part) => ({ count: 0, share: part })),
  ])
  .describe("Instances that a rolling update starts beside the running ones: 1, or 25% rounded up.");
export type Surge = z.infer<typeof surge>;

/** The most that run at once when a rolling update replaces `count`. */
export const duringUpdate = (count: number, given: Surge | undefined): number =>
  count + (given === undefined ? 0 : given.count + Math.ceil(count * given.share - 1e-9));

/** The most instances that may be asked for so that an update still fits into `most`. */
export function mostWithin(most: number, given: Surge | undefined): number {
  let count = 0;
  while (duringUpdate(count + 1, given) <= most) count++;
  return count;
}

export const Nodes = z
  .strictObject({
    class: z.string().optional().describe("Class of the catalogue; with requests it says how many fit."),
    most: whole.describe("Most nodes there may be."),
    oneEach: z.boolean().default(false).describe("Anti-affinity by host: an instance a node."),
  })
  .describe("Nodes that the instances run on.");
export type Nodes = z.infer<typeof Nodes>;

export interface Requests {
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
}

/** What a node leaves for pods after what Kubernetes keeps (GKE, Node sizes: reservations by tiers). */
export function allocatable(vcpu: number, memoryGiB: number): { cpu: number; memory: number } {
  const tiered = (amount: number, tiers: readonly (readonly [number, number])[]) => {
    let [left, kept] = [amount, 0];
    for (const [size, part] of tiers) {
      kept += Math.min(left, size) * part;
      left = Math.max(0, left - size);
    }
    return amount - kept;
  };
  return {
    cpu: tiered(vcpu, [
      [1, 0.06],
      [1, 0.01],
      [2, 0.005],
      [Number.POSITIVE_INFINITY, 0.0025],
    ]),
    memory:
      tiered(memoryGiB, [
        [4, 0.25],
        [4, 0.2],
        [8, 0.1],
        [112, 0.06],
        [Number.POSITIVE_INFINITY, 0.02],
      ]) * GIB,
  };
}

/** Instances that fit on a node by their requests; null: nothing says so. */
export function perNode(nodes: Nodes, requests: Requests | undefined, catalogue: Catalogue): number | null {
  const node = nodes.class === undefined ? null : findClass(catalogue, nodes.class);
  const fits =
    node === null || requests === undefined
      ? null
      : Math.min(
          Math.floor(allocatable(node.vcpu, node.memoryGiB).cpu / (requests.cpu ?? 1e-9)),
          Math.floor(allocatable(node.vcpu, node.memoryGiB).memory / (requests.memory ?? 1)),
        );
  return nodes.oneEach ? Math.min(1, fits ?? 1) : fits;
}

/** How far nodes let the instances grow. */
export function nodeBound(
  nodes: Nodes | undefined,
  requests: Requests | undefined,
  given: Surge | undefined,
  catalogue: Catalogue,
): Omit<GrowthBound, "resource"> | null {
  if (nodes === undefined) return null;
  const each = perNode(nodes, requests, catalogue);
  if (each === null) return null;
  const how = nodes.oneEach ? "one on each (anti-affinity by host)" : `${each} on each by their requests`;
  return {
    most: mostWithin(nodes.most * each, given),
    why: `${nodes.most} nodes take ${nodes.most * each}, ${how}, a rolling update included`,
  };
}

/** Nodes that `chosen` instances take, a rolling update and the loss of a node included; null where nothing says so. */
export function placementOf(
  params: {
    readonly nodes?: Nodes | undefined;
    readonly requests?: Requests | undefined;
    readonly surge?: Surge | undefined;
    readonly quota?: number | undefined;
    readonly spread?: number | undefined;
  },
  catalogue: Catalogue,
  chosen: number,
): Placement | null {
  const { nodes, requests, quota, spread } = params;
  const each = nodes === undefined ? null : perNode(nodes, requests, catalogue);
  if (nodes === undefined || each === null || each < 1) return null;
  const running = duringUpdate(chosen, params.surge);
  // An even spread over zones takes whole nodes in each.
  const zones = spread ?? 1;
  const count = zones * Math.ceil(Math.ceil(running / zones) / each);
  return {
    most: Math.min(quota ?? Number.POSITIVE_INFINITY, mostWithin(nodes.most * each, params.surge)),
    perNode: each,
    nodes: count,
    why: `${chosen} instances, ${running} during a rolling update, ${each} on a node${nodes.oneEach ? " (anti-affinity by host)" : ""}${zones > 1 ? `, over ${zones} zones` : ""}: ${count} nodes of at most ${nodes.most}`,
  };
}
