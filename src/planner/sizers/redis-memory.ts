import { z } from "zod";
import { formatNumber, formatQuantity, GIB } from "../../model/unit.ts";
import { findClass, smallestClass } from "../catalogue.ts";
import { boundedCache, CacheSigns, cacheSignals } from "./bounded-cache.ts";
import { bytes, name, share, whole } from "./params.ts";
import { applyRule, operatorsRuleOf, Rule } from "./rule.ts";
import { type Driver, defineSizer, isRefused, type SizingContext } from "./sizer.ts";

/** ElastiCache keeps a quarter of a node for itself: reserved-memory-percent 25 (AWS, Managing reserved memory). */
export const RESERVED = 0.25;
export const NODE_UNIT = "GiB per node";

/** Nearer than this to the limit it is at it. */
const FULL = 0.95;

const Params = z
  .strictObject({
    used: name.describe("Signal of the bytes in use on one node."),
    class: z.string().optional().describe("Node type of the catalogue that runs today."),
    nodes: whole.default(1).describe("Nodes that run today; the recommendation keeps their number."),
    families: z.array(z.string()).default([]).describe("Families to choose from, the preferred first."),
    maxmemory: bytes.optional().describe("Instead of a class: the limit as set on a Redis of one's own."),
    evicts: z
      .boolean()
      .default(false)
      .describe(
        "It throws out the least used when it is full (an LRU or LFU policy): its fill is no demand.",
      ),
    ...CacheSigns,
    usable: share
      .default(0.8)
      .describe("Share of what is left after the reserve that may be used. Default: 80%."),
    fragmentation: z.number().min(1).max(10).default(1.1).describe("Resident memory over used memory."),
    copyOnWrite: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("Share of the data rewritten while a snapshot or AOF rewrite runs; 1: write-heavy."),
    rule: z
      .strictObject({
        demand: name.describe("Signal that the rule is applied to."),
        gibibytes: Rule.describe("GiB by demand."),
      })
      .optional()
      .describe("The operators' rule."),
  })
  .refine((one) => (one.class === undefined) !== (one.maxmemory === undefined), {
    message: "give exactly one of class and maxmemory",
  });
type Params = z.infer<typeof Params>;

/** Memory of a Redis node, for the peak: fragmentation, copies while writing to disk, the provider's reserve. */
export const redisMemory = defineSizer<Params>({
  describes: "Redis: memory of a node with reserve, fragmentation and fork copies; its class or maxmemory",
  params: Params,
  reads: ({ used, rule, ...signs }) => ({
    signals: [used, ...(rule === undefined ? [] : [rule.demand]), ...cacheSignals(signs)],
    units: [{ signal: used, unit: "bytes" }],
  }),
  size(params, context) {
    const path = context.highest(params.used);
    if (isRefused(path)) return path;
    const current = params.class === undefined ? null : findClass(context.catalogue, params.class);
    if (params.class !== undefined && current === null)
      return { refused: `the catalogue has no class "${params.class}"` };
    const isManaged = current !== null;
    // On a node the reserve holds the copies; a maxmemory counts data alone, and the copies need room beside it.
    const multiple = isManaged
      ? (params.fragmentation * Math.max(1, (1 + params.copyOnWrite) * (1 - RESERVED))) /
        (1 - RESERVED) /
        params.usable
      : 1 / params.usable;
    const today = current?.memoryGiB ?? (params.maxmemory ?? 0) / GIB;
    const ruled = byRule(params, today, context);
    if (ruled !== null && isRefused(ruled)) return ruled;
    const memory: Driver = {
      name: "memory",
      levels: path,
      margins: () => [
        ...factors,
        { name: `${formatQuantity(params.usable, "ratio")} of the rest in use`, factor: 1 / params.usable },
      ],
      need: (level) => (level * multiple) / GIB,
      capacity: {
        value: today / multiple,
        unit: isManaged ? "GiB of data per node" : "GiB of data",
        source: "documented",
      },
      why: [
        `${formatQuantity(path.p50[0] as number, "bytes")} in use, ${formatQuantity(path.p90.at(-1) as number, "bytes")} at p90 of the horizon`,
        isManaged
          ? `× ${formatNumber(params.fragmentation)} fragmentation, 25% of a node reserved, at most ${formatQuantity(params.usable, "ratio")} of the rest in use: ${formatNumber(multiple)} GiB of node per GiB of data`
          : `at most ${formatQuantity(params.usable, "ratio")} of maxmemory in use; the host needs ${formatNumber(params.fragmentation * (1 + params.copyOnWrite))} × the data while it writes to disk`,
      ],
    };
    const factors = isManaged
      ? [
          { name: "fragmentation", factor: params.fragmentation },
          {
            name: "the provider's reserve, or fork copies where they are more",
            factor: Math.max(1, (1 + params.copyOnWrite) * (1 - RESERVED)) / (1 - RESERVED),
          },
        ]
      : [];
    const path2 = params.rule && context.demand(params.rule.demand);
    const cache = params.evicts
      ? boundedCache(params, context, {
          levels: path,
          current: today,
          unit: isManaged ? "GiB of node" : "GiB",
          isFull: (path.now ?? (path.p50[0] as number)) / GIB > FULL * today * (isManaged ? 1 - RESERVED : 1),
        })
      : null;
    const leading = cache?.driver ?? memory;
    const atLimit = cache === null && !isManaged && (path.p50[0] as number) / GIB > FULL * today;
    return {
      unit: isManaged ? NODE_UNIT : "GiB maxmemory",
      current: today,
      ...(params.class === undefined ? {} : { currentName: `${params.nodes} × ${params.class}` }),
      drivers: ruled === null ? [leading] : [leading, ruled],
      choose: (need) => {
        if (current === null) return { value: Math.max(today, Math.ceil(need * 4 - 1e-9) / 4), name: null };
        const fits = current.memoryGiB >= need - 1e-9;
        const chosen = fits ? current : smallest(params, context, need);
        return chosen === null
          ? { value: need, name: null }
          : { value: chosen.memoryGiB, name: `${params.nodes} × ${chosen.name}` };
      },
      why: isManaged ? [`catalogue of ${context.catalogue.asOf}`] : [],
      warn: (need) => [
        ...(isManaged && smallest(params, context, need) === null
          ? [
              `no class of ${params.families.join(", ")} has ${formatNumber(need)} GiB: shard the data over more nodes`,
            ]
          : []),
        ...(cache?.warning ? [cache.warning] : []),
        ...(atLimit
          ? [
              "it runs at maxmemory and evicts: what would be used without the limit cannot be seen, so this is the least",
            ]
          : []),
      ],
      operatorsRule:
        params.rule && path2 && !isRefused(path2)
          ? operatorsRuleOf(params.rule.gibibytes, path2.operators, params.rule.demand)
          : null,
    };
  },
});

const smallest = ({ families }: Params, { catalogue }: SizingContext, need: number) =>
  smallestClass(catalogue, families, ({ memoryGiB }) => memoryGiB >= need - 1e-9);

function byRule({ rule }: Params, today: number, context: SizingContext) {
  if (rule === undefined) return null;
  const path = context.demand(rule.demand);
  if (isRefused(path)) return path;
  const { gibibytes, demand } = rule;
  return {
    name: `rule on ${demand}`,
    levels: path,
    evidence: "rule" as const,
    need: (level: number) => applyRule(gibibytes, level),
    capacity: {
      value: (today / gibibytes.gives) * gibibytes.each,
      unit: path.unit,
      source: "documented" as const,
    },
    why: [
      `documented: ${formatNumber(gibibytes.gives)} GiB per ${formatNumber(gibibytes.each)} of ${demand}, at least ${formatNumber(gibibytes.atLeast)}`,
    ],
  };
}
