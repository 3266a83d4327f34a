import { z } from "zod";
import { GIB } from "../../model/unit.ts";
import { name } from "../sizers/params.ts";
import { defineEmitter, findLine, headOf } from "./emitter.ts";

const Params = z.strictObject({
  resource: name.describe("Resource of Redis's memory."),
  policy: z.enum(["allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-ttl", "noeviction"]),
  appendfsync: z.enum(["always", "everysec", "no"]).optional(),
});

/** Share of a managed node that is not reserved. */
const NOT_RESERVED = 0.75;

/** Settings of Redis for the recommended size. */
export const redis = defineEmitter<z.infer<typeof Params>>({
  describes: "redis.conf: maxmemory and eviction for the recommended size",
  params: Params,
  reads: ({ resource }) => [resource],
  emit({ resource, policy, appendfsync }, context) {
    const line = findLine(context, resource);
    if (line === null) return null;
    const isNode = line.unit.includes("node");
    const bytes = Math.floor(line.recommended * GIB * (isNode ? NOT_RESERVED : 1));
    const settings = [
      `maxmemory ${bytes}`,
      `maxmemory-policy ${policy}`,
      ...(appendfsync === undefined ? [] : ["appendonly yes", `appendfsync ${appendfsync}`]),
    ];
    const note = isNode ? ["# 75% of a node: ElastiCache reserves the rest."] : [];
    return { name: "redis.conf", text: `${[...headOf(context, [line]), ...note, ...settings].join("\n")}\n` };
  },
});
