import { describe, expect, inject, it } from "vitest";
import type { TestbedMetric } from "../../scenarios/lib/testbed.ts";
import { loadJourney } from "../../src/systems/load-scenario.ts";
import { loadTestbed } from "../../src/systems/load-testbed.ts";
import { NO_FAULTS } from "../../src/testbed/faults.ts";
import { serveTestbed } from "../../src/testbed/serve.ts";
import { gate } from "../e2e/cli.ts";
import { withPrometheus } from "../e2e/prometheus-server.ts";
import { type RunningStack, withStack } from "./processes.ts";
import { openStorage, type Storage, WRITES } from "./storage.ts";

/** What exporters say of a real database, cache and host, a stand-in has no business saying. */
const isExporters = ({ name }: TestbedMetric) => /^(pg|redis|node)_/.test(name);

const poolMetrics = ({ pool }: Storage): TestbedMetric[] => [
  { name: "database_pool_size", type: "gauge", value: () => pool.options.max },
  { name: "database_pool_checkedout", type: "gauge", value: () => pool.totalCount - pool.idleCount },
];

/** An instance of a system over the stack, with the metrics of its own code alone. */
async function withInstance<T>(
  stack: RunningStack,
  system: string,
  poolSize: number,
  use: (url: string, storage: Storage) => Promise<T>,
): Promise<T> {
  const journey = await loadJourney(".", system);
  const testbed = await loadTestbed(".", system, journey);
  const storage = await openStorage(stack, system.replace("-", "_"), poolSize);
  const pools = poolMetrics(storage);
  const own = (testbed.metrics ?? []).filter(
    (metric) => !isExporters(metric) && !pools.some(({ name }) => name === metric.name),
  );
  const running = await serveTestbed(
    journey,
    { ...testbed, metrics: [...own, ...pools] },
    {
      port: 0,
      workers: testbed.workers,
      faults: NO_FAULTS,
      seed: 1,
      storage: (endpoint) => storage.serve(endpoint),
    },
  );
  try {
    return await use(running.url, storage);
  } finally {
    await running.close();
    await storage.close();
  }
}

const SYSTEMS: [system: string, job: string, pool: number, scaling: string[], exported: string[]][] = [
  [
    "pynomaly",
    "pynomaly-app",
    50,
    ["--duration", "20s"],
    ["database-connections", "statement-time", "redis-memory", "redis-connections"],
  ],
  [
    "principles-gym",
    "principles-gym-api",
    30,
    ["--duration", "20s", "--rate", "80"],
    ["free-pool-connections", "cache-hit-ratio", "replication-lag"],
  ],
];

describe
  .skipIf(inject("stack") === null || inject("prometheus") === null || inject("k6") === null)
  .concurrent("a real stack", () => {
    it.each(SYSTEMS)(
      "%s: the gate judges what real exporters say",
      async (system, job, pool, scaling, exported) => {
        await withStack((stack) =>
          withInstance(stack, system, pool, (url, storage) => {
            const targets = [
              { url, path: "/metrics", job },
              { url: stack.exporters.postgres, path: "/metrics", job: "postgres" },
              { url: stack.exporters.redis, path: "/metrics", job: "redis" },
              { url: stack.exporters.node, path: "/metrics", job: "node" },
            ];
            return withPrometheus({ scrape: targets }, async (prometheus) => {
              const args = ["--target", url, "--prometheus", prometheus, "--scenario", "smoke", ...scaling];
              const { verdict, run } = await gate([system, ...args]);
              const server = verdict.criteria.filter(({ kind }) => kind === "server");
              const status = new Map(server.map(({ id, status }) => [id, status]));
              expect(server.filter(({ observed }) => observed === null)).toEqual([]);
              for (const id of exported) expect([id, status.get(id)]).toEqual([id, "pass"]);
              // The CPU is the host's, which does other things too.
              const broken = server.filter((one) => one.status === "fail" && one.id !== "cpu");
              expect(broken).toEqual([]);
              expect(verdict.reasons).toEqual([]);

              // What the exporters said is what database and cache say themselves.
              const seen = (id: string) =>
                server.find((criterion) => criterion.id === id)?.observed as number;
              if (system === "pynomaly") {
                const { rows } = await storage.pool.query(
                  "SELECT numbackends FROM pg_stat_database WHERE datname = 'pynomaly'",
                );
                // Connections stay in the pool; the exporter has one of its own.
                expect(seen("database-connections")).toBeGreaterThanOrEqual(Number(rows[0].numbackends) - 1);
                expect(seen("database-connections")).toBeLessThanOrEqual(pool + 2);
                const mean = await storage.pool.query(
                  "SELECT sum(total_exec_time) / sum(calls) AS ms FROM pg_stat_statements",
                );
                expect(seen("statement-time")).toBeGreaterThan(Number(mean.rows[0].ms) / 20);
                expect(seen("statement-time")).toBeLessThan(Number(mean.rows[0].ms) * 20);
                const memory = await storage.redis.info("memory");
                const used = Number(/used_memory:(\d+)/.exec(memory)?.[1]);
                expect(seen("redis-memory")).toBeGreaterThan((used * 0.8) / (256 * 1024 ** 2));
                expect(seen("redis-memory")).toBeLessThan((used * 1.25) / (256 * 1024 ** 2));
              }
              const written = await storage.pool.query("SELECT count(*) FROM results");
              const writes = run.metrics
                .filter(
                  ({ metric, tags }) => metric === "http_req_duration" && Object.keys(tags).join() === "name",
                )
                .filter(({ tags }) => WRITES.has(tags.name ?? ""))
                .reduce((sum, { samples }) => sum + samples, 0);
              expect(Number(written.rows[0].count)).toBe(writes);
            });
          }),
        );
      },
    );
  });
