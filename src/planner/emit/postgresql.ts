import { z } from "zod";
import { GIB } from "../../model/unit.ts";
import { findClass } from "../catalogue.ts";
import { bytes, name, whole } from "../sizers/params.ts";
import { defineEmitter, findLine, headOf } from "./emitter.ts";
import { type Parameter, renderParameterGroup } from "./parameter-group.ts";

const MIB = 1024 ** 2;

const Params = z
  .strictObject({
    class: name.optional().describe("Resource whose recommended class gives the memory and vCPUs."),
    memory: bytes.optional().describe("Instead: the host's memory."),
    cores: whole.optional().describe("With memory: the host's cores."),
    connections: name.describe("Resource of the connections."),
    keep: z
      .record(z.string().regex(/^[a-z_]+$/), z.union([z.string(), z.number()]).transform(String))
      .default({})
      .describe(
        "The operators' own settings, in the server's own units; a managed class takes numbers alone (pg_settings.unit).",
      ),
    version: whole.max(99).default(16).describe("Major version, of which the parameter group is."),
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

/** Settings of PostgreSQL for the recommended size: a parameter group where it is a class that is bought, else its file. */
export const postgresql = defineEmitter<z.infer<typeof Params>>({
  describes:
    "postgresql.conf, or postgresql-parameters.tf for a managed class: memory and connections (pgtune's rules)",
  params: Params,
  reads: (params) => [params.connections, ...(params.class === undefined ? [] : [params.class])],
  emit(params, context) {
    const connections = findLine(context, params.connections);
    const line = params.class === undefined ? null : findLine(context, params.class);
    const bought = line?.recommendedName ? findClass(context.catalogue, line.recommendedName) : null;
    const memoryBytes = bought ? bought.memoryGiB * GIB : params.memory;
    if (connections === null || memoryBytes === undefined) return null;
    const set = tunePostgresql(memoryBytes, bought?.vcpu ?? params.cores ?? 1, connections.recommended);
    const head = headOf(context, [connections, ...(line ? [line] : [])]);
    const size = `# For ${memoryBytes / GIB} GiB of memory${bought ? ` (${bought.name})` : ""}. shared_buffers, wal_buffers and max_connections need a restart.`;
    if (bought === null)
      return {
        name: "postgresql.conf",
        text: `${[...head, size, ...keepInFile(configurationOf(set), params.keep)].join("\n")}\n`,
      };
    const group = renderParameterGroup("aws_db_parameter_group", {
      name: `${context.plan.system}-postgresql`,
      family: `postgres${params.version}`,
      parameters: keepInGroup(parametersOf(set), params.keep),
    });
    return { name: "postgresql-parameters.tf", text: `${[...head, size].join("\n")}\n${group}` };
  },
});

/** What the operators have set stays as it is, in place of what the rules would give. */
function keepInFile(lines: readonly string[], keep: Readonly<Record<string, string>>): string[] {
  const ruled = lines.filter((line) => keep[line.split(" = ")[0] as string] === undefined);
  return [...ruled, ...Object.entries(keep).map(([name, value]) => `${name} = ${value}`)];
}

const STATIC = ["wal_buffers", "max_prepared_transactions"];

function keepInGroup(parameters: readonly Parameter[], keep: Readonly<Record<string, string>>): Parameter[] {
  const kept = Object.entries(keep).map(([name, value]) =>
    STATIC.includes(name) ? { name, value, isStatic: true } : { name, value },
  );
  return [...parameters.filter(({ name }) => keep[name] === undefined), ...kept];
}

/** The lines of a postgresql.conf. */
export function configurationOf(set: PostgresqlSettings): string[] {
  const kib = (value: number) => `${Math.floor(value / 1024)}kB`;
  const mib = (value: number) => `${Math.floor(value / MIB)}MB`;
  return [
    `max_connections = ${set.maxConnections}`,
    `shared_buffers = ${mib(set.sharedBuffersBytes)}`,
    `effective_cache_size = ${mib(set.effectiveCacheSizeBytes)}`,
    `maintenance_work_mem = ${mib(set.maintenanceWorkMemBytes)}`,
    `wal_buffers = ${kib(set.walBuffersBytes)}`,
    `work_mem = ${kib(set.workMemBytes)}`,
  ];
}

/** The same for RDS, which takes numbers without a unit: pages of 8 KiB, or KiB (pg_settings.unit). */
export function parametersOf(set: PostgresqlSettings): Parameter[] {
  const pages = (value: number) => String(Math.floor(value / 8192));
  const kib = (value: number) => String(Math.floor(value / 1024));
  return [
    { name: "max_connections", value: String(set.maxConnections), isStatic: true },
    { name: "shared_buffers", value: pages(set.sharedBuffersBytes), isStatic: true },
    { name: "effective_cache_size", value: pages(set.effectiveCacheSizeBytes) },
    { name: "maintenance_work_mem", value: kib(set.maintenanceWorkMemBytes) },
    { name: "wal_buffers", value: pages(set.walBuffersBytes), isStatic: true },
    { name: "work_mem", value: kib(set.workMemBytes) },
  ];
}
