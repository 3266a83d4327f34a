import { z } from "zod";
import { GIB } from "../../model/unit.ts";
import { name, whole } from "../sizers/params.ts";
import { NODE_UNIT, RESERVED } from "../sizers/redis-memory.ts";
import { defineEmitter, findLine, headOf } from "./emitter.ts";
import { renderParameterGroup } from "./parameter-group.ts";

const Params = z.strictObject({
  resource: name.describe("Resource of Redis's memory."),
  policy: z
    .enum(["allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-ttl", "noeviction"])
    .describe("`maxmemory-policy`: what Redis does when it is full."),
  appendfsync: z
    .enum(["always", "everysec", "no"])
    .optional()
    .describe("A Redis of one's own; managed nodes keep no append-only file."),
  version: whole.max(99).default(7).describe("Major version, of which the parameter group is."),
});

/** Settings of Redis for the recommended size: a parameter group for managed nodes, else its file. */
export const redis = defineEmitter<z.infer<typeof Params>>({
  describes: "redis.conf, or redis-parameters.tf for managed nodes: maxmemory and eviction",
  params: Params,
  reads: ({ resource }) => [resource],
  emit({ resource, policy, appendfsync, version }, context) {
    const line = findLine(context, resource);
    if (line === null) return null;
    const head = headOf(context, [line]).join("\n");
    if (line.unit === NODE_UNIT) {
      const note = `# For ${line.recommendedName ?? line.currentName}. maxmemory is the node's own; a quarter of it is reserved.`;
      const group = renderParameterGroup("aws_elasticache_parameter_group", {
        name: `${context.plan.system}-redis`,
        family: `redis${version}`,
        parameters: [
          { name: "maxmemory-policy", value: policy },
          { name: "reserved-memory-percent", value: String(RESERVED * 100) },
        ],
      });
      return { name: "redis-parameters.tf", text: `${head}\n${note}\n${group}` };
    }
    const settings = [
      `maxmemory ${Math.floor(line.recommended * GIB)}`,
      `maxmemory-policy ${policy}`,
      ...(appendfsync === undefined ? [] : ["appendonly yes", `appendfsync ${appendfsync}`]),
    ];
    return { name: "redis.conf", text: `${[head, ...settings].join("\n")}\n` };
  },
});
