import { mkdirSync, writeFileSync } from "node:fs";
import { chown } from "node:fs/promises";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { inject } from "vitest";
import { temporaryFolder } from "../e2e/cli.ts";
import { freePort, until } from "../e2e/wait.ts";
import type { Stack } from "../setup.ts";

/** A database, a cache and what exports them, each a real process on loopback. */
export interface RunningStack {
  readonly postgresql: { readonly host: string; readonly port: number; readonly user: string };
  readonly redis: string;
  /** Base URLs of the exporters. */
  readonly exporters: { readonly postgres: string; readonly redis: string; readonly node: string };
}

export const DATABASES = ["pynomaly", "principles_gym"] as const;
const USER = "headroom";

/** What the exporter asks beside its own: the operators' two metrics that it does not have. */
const QUERIES = `
pg_stat_statements:
  query: "SELECT coalesce(sum(total_exec_time) / nullif(sum(calls), 0), 0) AS mean_time_ms FROM pg_stat_statements"
  metrics:
    - mean_time_ms: { usage: GAUGE, description: "Mean time of a statement, ms" }
pg_replication:
  query: "SELECT CASE WHEN pg_is_in_recovery() THEN extract(epoch FROM now() - pg_last_xact_replay_timestamp()) ELSE 0 END AS lag_seconds"
  metrics:
    - lag_seconds: { usage: GAUGE, description: "Replication lag, seconds" }
`;

export async function withStack<T>(use: (stack: RunningStack) => Promise<T>): Promise<T> {
  const parts = inject("stack") as Stack;
  const running: { stop: () => Promise<unknown> }[] = [];
  const run = async (binary: string, args: string[], options: object, isReady: () => Promise<boolean>) => {
    const child = execa(binary, args, { reject: false, stdio: "ignore", extendEnv: true, ...options });
    running.unshift({
      stop: () => {
        child.kill("SIGINT");
        return child;
      },
    });
    await until(isReady, binary);
  };
  try {
    const port = await freePort();
    await startPostgresql(parts, port, run);
    const redisPort = await freePort();
    const redisArgs = [
      "--port",
      String(redisPort),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--maxmemory",
      "256mb",
    ];
    await run(parts.redis, redisArgs, { cwd: temporaryFolder() }, () => listens(redisPort));
    const redis = `redis://127.0.0.1:${redisPort}`;

    const exporter = async (
      binary: string,
      flag: string,
      args: string[],
      env: Record<string, string> = {},
    ) => {
      const at = `127.0.0.1:${await freePort()}`;
      const url = `http://${at}`;
      const answers = async () => (await fetch(`${url}/metrics`)).ok;
      await run(binary, [`${flag}=${at}`, ...args], { env }, answers);
      return url;
    };
    const queries = join(temporaryFolder(), "queries.yaml");
    writeFileSync(queries, QUERIES);
    const exporters = {
      postgres: await exporter(
        parts.postgresExporter,
        "--web.listen-address",
        [`--extend.query-path=${queries}`, "--disable-settings-metrics", "--no-collector.bgwriter"],
        { DATA_SOURCE_NAME: `postgresql://${USER}@127.0.0.1:${port}/pynomaly?sslmode=disable` },
      ),
      redis: await exporter(parts.redisExporter, "-web.listen-address", [`-redis.addr=${redis}`]),
      node: await exporter(parts.nodeExporter, "--web.listen-address", [
        "--collector.disable-defaults",
        ...["cpu", "meminfo", "diskstats"].map((name) => `--collector.${name}`),
      ]),
    };
    return await use({ postgresql: { host: "127.0.0.1", port, user: USER }, redis, exporters });
  } finally {
    for (const { stop } of running) await stop();
  }
}

type Run = (
  binary: string,
  args: string[],
  options: object,
  isReady: () => Promise<boolean>,
) => Promise<void>;

/** A cluster of its own; PostgreSQL refuses to run as root, so root runs it as the packages' own user. */
async function startPostgresql({ postgresql: bin }: Stack, port: number, run: Run): Promise<void> {
  const folder = temporaryFolder();
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  const owner = process.getuid?.() === 0 ? ownerOf("postgres") : null;
  if (owner !== null) for (const path of [folder, data]) await chown(path, owner.uid, owner.gid);
  const options = { ...owner, cwd: folder };
  execaSync(join(bin, "initdb"), ["-D", data, "-U", USER, "-A", "trust", "-N"], options);
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: folder,
    shared_preload_libraries: "pg_stat_statements",
    max_connections: 200,
    fsync: "off",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const psql = ["-h", "127.0.0.1", "-p", String(port), "-U", USER, "-v", "ON_ERROR_STOP=1"];
  const isReady = async () =>
    execaSync(join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)], { reject: false })
      .exitCode === 0;
  await run(join(bin, "postgres"), ["-D", data, ...flags], options, isReady);
  for (const name of DATABASES) {
    execaSync(join(bin, "psql"), [...psql, "-d", "postgres", "-c", `CREATE DATABASE ${name}`]);
    execaSync(join(bin, "psql"), [...psql, "-d", name, "-c", "CREATE EXTENSION pg_stat_statements"]);
  }
}

function ownerOf(user: string): { uid: number; gid: number } {
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execaSync("id", [flag, user]).stdout));
  return { uid: uid as number, gid: gid as number };
}

const listens = async (port: number) => {
  const { createClient } = await import("redis");
  const client = createClient({ url: `redis://127.0.0.1:${port}`, socket: { reconnectStrategy: false } });
  client.on("error", () => {});
  await client.connect();
  await client.close();
  return true;
};
