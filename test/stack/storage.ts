import pg from "pg";
import { createClient } from "redis";
import type { RunningStack } from "./processes.ts";

/** Where an instance of a system keeps its data: every answer reads, and what changes something writes. */
export interface Storage {
  /** For an answer of the testbed. */
  serve(endpoint: string): Promise<void>;
  readonly pool: pg.Pool;
  readonly redis: Redis;
  close(): Promise<void>;
}

export type Redis = Awaited<ReturnType<typeof connectRedis>>;

export async function connectRedis(url: string) {
  const client = createClient({ url });
  await client.connect();
  return client;
}

/** Endpoints that leave something behind. */
export const WRITES = new Set(["detect", "training-start", "report-generate"]);
/** Results that are asked for again, and how many there are: most of them are in the cache. */
const RESULTS = 50;

export async function openStorage(stack: RunningStack, database: string, pool: number): Promise<Storage> {
  const connections = new pg.Pool({ ...stack.postgresql, database, max: pool });
  await connections.query(
    "CREATE TABLE IF NOT EXISTS results (id bigserial PRIMARY KEY, endpoint text NOT NULL, body text NOT NULL)",
  );
  const redis = await connectRedis(stack.redis);
  let turn = 0;
  return {
    pool: connections,
    redis,
    async serve(endpoint) {
      if (WRITES.has(endpoint))
        await connections.query("INSERT INTO results (endpoint, body) VALUES ($1, repeat('x', 400))", [
          endpoint,
        ]);
      const key = `${database}:${turn++ % RESULTS}`;
      if ((await redis.get(key)) !== null) return;
      const { rows } = await connections.query("SELECT count(*) FROM results");
      await redis.set(key, JSON.stringify(rows), { EX: 3600 });
    },
    async close() {
      await redis.close();
      await connections.end();
    },
  };
}
