import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { temporaryFolder } from "../e2e/cli.ts";
import { DATABASES, type RunningStack } from "./processes.ts";
import { connectRedis } from "./storage.ts";

const HOUR_S = 3600;
export const DAYS = 42;

/** What was done to the database and the cache in one made-up hour. */
export interface Hour {
  readonly connections: number;
  readonly clients: number;
  /** As each database says itself. */
  readonly databaseBytes: readonly number[];
  readonly redisBytes: number;
}

/** Users of an hour: by day busier than by night, growing by a fifth in the time. */
const usersAt = (hour: number) =>
  (0.35 + 0.65 * Math.max(0, Math.sin(((hour % 24) - 6) * (Math.PI / 12)))) *
  (1 + (0.2 * hour) / (24 * DAYS));

/**
 * Six weeks of a database and a cache at work, an hour in the time that the work takes: connections are opened and
 * closed, rows and keys are written, and what the real exporters say is kept under the hour it would have been.
 *
 * @returns the exporters' words as OpenMetrics, and the truth
 */
export async function liveThrough(
  stack: RunningStack,
  endS: number,
): Promise<{ file: string; hours: Hour[] }> {
  const startS = endS - DAYS * 24 * HOUR_S;
  const connect = async (database: string) => {
    const client = new pg.Client({ ...stack.postgresql, database });
    await client.connect();
    return client;
  };
  const writers = await Promise.all(DATABASES.map(connect));
  for (const writer of writers)
    await writer.query("CREATE TABLE growth (id bigserial PRIMARY KEY, body text NOT NULL)");
  const cache = await connectRedis(stack.redis);
  const connections: pg.Client[] = [];
  const clients: Awaited<ReturnType<typeof connectRedis>>[] = [];
  const hours: Hour[] = [];
  const families = new Map<string, string[]>();
  for (let hour = 0; hour < DAYS * 24; hour++) {
    const users = usersAt(hour);
    await resize(
      connections,
      Math.round(8 + 16 * users),
      () => connect(DATABASES[0]),
      (one) => one.end(),
    );
    await resize(
      clients,
      Math.round(4 + 8 * users),
      () => connectRedis(stack.redis),
      (one) => one.close(),
    );
    const rows = Math.round(60 * users);
    await Promise.all(
      writers.map(async (writer) => {
        await writer.query(
          "INSERT INTO growth (body) SELECT repeat(md5(i::text), 30) FROM generate_series(1, $1::int) i",
          [rows],
        );
        // PostgreSQL tells its counters once a second, in which this world lives most of a day.
        await writer.query("SELECT pg_stat_force_next_flush()");
      }),
    );
    await cache.set(`hour:${hour}`, "x".repeat(Math.round(20_000 * users)), { EX: 86_400 });
    // What an hour wrote stays for a day, in the time that this world has.
    await cache.del(`hour:${hour - 24}`);
    const atS = startS + hour * HOUR_S;
    const exporters = [stack.exporters.postgres, stack.exporters.redis, stack.exporters.node];
    const said = await Promise.all(exporters.map(async (url) => (await fetch(`${url}/metrics`)).text()));
    for (const text of said) keep(families, text, atS);
    const sizes = await Promise.all(
      writers.map((writer) => writer.query("SELECT pg_database_size(current_database()) AS bytes")),
    );
    hours.push({
      connections: connections.length + 1,
      clients: clients.length + 1,
      databaseBytes: sizes.map(({ rows: [size] }) => Number(size.bytes)),
      redisBytes: Number(/used_memory:(\d+)/.exec(await cache.info("memory"))?.[1]),
    });
  }
  await Promise.all([...connections, ...writers].map((client) => client.end()));
  await Promise.all([...clients, cache].map((client) => client.close()));
  const file = join(temporaryFolder(), "exporters.txt");
  writeFileSync(file, [...families.values()].flat().join("\n"));
  return { file, hours };
}

async function resize<T>(
  all: T[],
  wanted: number,
  open: () => Promise<T>,
  close: (one: T) => Promise<unknown>,
): Promise<void> {
  const missing = Math.max(0, wanted - all.length);
  all.push(...(await Promise.all(Array.from({ length: missing }, open))));
  await Promise.all(all.splice(wanted).map(close));
}

const WANTED =
  /^(pg_stat_database_numbackends|pg_stat_database_xact_commit|pg_database_size_bytes|redis_memory_used_bytes|redis_connected_clients|node_disk_(?:reads|writes)_completed_total)(\{[^}]*\})? (\S+)$/;

/** Samples of the text format with a time of their own; the series of a metric stay together, as OpenMetrics wants. */
function keep(families: Map<string, string[]>, text: string, atS: number): void {
  for (const line of text.split("\n")) {
    const match = WANTED.exec(line);
    if (!match) continue;
    const [, name = "", labels = "", value] = match;
    // The scrape configuration gives the database's host its role.
    const all = name.startsWith("node_") ? labels.replace("}", ',role="database"}') : labels;
    const lines = families.get(name) ?? [`# TYPE ${name} unknown`];
    lines.push(`${name}${all} ${value} ${atS}`);
    families.set(name, lines);
  }
}
