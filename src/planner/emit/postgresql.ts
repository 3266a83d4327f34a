import { z } from "zod";
import { GIB } from "../../model/unit.ts";
import { findClass } from "../catalogue.ts";
import { bytes, name, whole } from "../sizers/params.ts";
import { defineEmitter, findLine, headOf } from "./emitter.ts";

const MIB = 1024 ** 2;

const Params = z
  .strictObject({
    class: name.optional().describe("Resource whose recommended class gives the memory and vCPUs."),
    memory: bytes.optional().describe("Instead: the host's memory."),
    cores: whole.optional().describe("With memory: the host's cores."),
    connections: name.describe("Resource of the connections."),
  })
  .refine((one) => (one.class === undefined) !== (one.memory === undefined), {
    message: "give exactly one of class and memory",
  });

export interface PostgresqlSettings {
  readonly maxConnections: number;
  readonly sharedBuffersBytes: number;
  readonly effectiveCacheSizeBytes: number;
  readonly maintenanceWorkMemBytes: number;
  readonly walBuffersBytes: number;
  readonly workMemBytes: number;
}

/**
 * pgtune's rules for a web application: a quarter of the memory shared, three quarters expected in caches, a sixteenth
 * (at most 2 GiB) for maintenance, 3% of the shared buffers (at most 16 MiB) for the WAL, the rest over three times
 * connections and worker processes.
 */
export function tunePostgresql(memoryBytes: number, cores: number, connections: number): PostgresqlSettings {
  const shared = memoryBytes / 4;
  // pgtune leaves max_worker_processes at the server's default of 8 below four cores.
  const workers = cores >= 4 ? cores : 8;
  return {
    maxConnections: connections,
    sharedBuffersBytes: shared,
    effectiveCacheSizeBytes: memoryBytes * 0.75,
    maintenanceWorkMemBytes: Math.min(memoryBytes / 16, 2 * GIB),
    walBuffersBytes: Math.min(shared * 0.03, 16 * MIB),
    workMemBytes: Math.max(64 * 1024, (memoryBytes - shared) / ((connections + workers) * 3)),
  };
}

/** Settings of PostgreSQL for the recommended size. */
export const postgresql = defineEmitter<z.infer<typeof Params>>({
  describes: "postgresql.conf: memory settings and connections for the recommended size (pgtune's rules)",
  params: Params,
  reads: (params) => [params.connections, ...(params.class === undefined ? [] : [params.class])],
  emit(params, context) {
    const connections = findLine(context, params.connections);
    const line = params.class === undefined ? null : findLine(context, params.class);
    const bought = line?.recommendedName ? findClass(context.catalogue, line.recommendedName) : null;
    const memoryBytes = bought ? bought.memoryGiB * GIB : params.memory;
    if (connections === null || memoryBytes === undefined) return null;
    const count = Math.max(connections.recommended, connections.current ?? 0);
    const set = tunePostgresql(memoryBytes, bought?.vcpu ?? params.cores ?? 1, count);
    const kib = (value: number) => `${Math.floor(value / 1024)}kB`;
    const mib = (value: number) => `${Math.floor(value / MIB)}MB`;
    const lines = [
      `max_connections = ${set.maxConnections}`,
      `shared_buffers = ${mib(set.sharedBuffersBytes)}`,
      `effective_cache_size = ${mib(set.effectiveCacheSizeBytes)}`,
      `maintenance_work_mem = ${mib(set.maintenanceWorkMemBytes)}`,
      `wal_buffers = ${kib(set.walBuffersBytes)}`,
      `work_mem = ${kib(set.workMemBytes)}`,
    ];
    const head = headOf(context, [connections, ...(line ? [line] : [])]);
    const size = `# For ${memoryBytes / GIB} GiB of memory${bought ? ` (${bought.name})` : ""}. shared_buffers and max_connections need a restart.`;
    return { name: "postgresql.conf", text: `${[...head, size, ...lines].join("\n")}\n` };
  },
});
