import { chownSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa, execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { listSystems } from "../../src/systems/list-systems.ts";
import { parametersIn, shippedPlan } from "../planner/shipped-plan.ts";
import { temporaryFolder } from "./cli.ts";
import { until } from "./wait.ts";

const inPath = (name: string) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);
const postgres = inPath("postgres");
const initdb =
  postgres && [inPath("initdb"), ...versioned("initdb")].find((file) => file && existsSync(file));
const redisServer = inPath("redis-server");

function versioned(name: string): string[] {
  return [13, 14, 15, 16, 17, 18].map((major) => `/usr/lib/postgresql/${major}/bin/${name}`);
}

/** PostgreSQL refuses to run as root: then it runs as its own user. */
function asPostgres(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const passwd = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  return passwd ? { uid: Number(passwd[1]), gid: Number(passwd[2]) } : {};
}

/** `name = value` of a postgresql.conf or of a parameter group. */
function settingsIn(text: string): [string, string][] {
  const lines = [...text.matchAll(/^([a-z_]+) = (\S+)$/gm)].map(([, name, value]): [string, string] => [
    name as string,
    value as string,
  ]);
  return lines.length > 0 ? lines : Object.entries(parametersIn(text));
}

const plans = listSystems(".").map((system) => ({ system, files: shippedPlan(system).files }));

describe.skipIf(!postgres || !initdb)("a real PostgreSQL", () => {
  const user = asPostgres();
  const data = temporaryFolder();
  if (postgres && initdb) {
    if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid);
    execaSync(initdb, ["-D", join(data, "db"), "--no-sync", "-A", "trust"], { ...user, cwd: data });
  }

  it.each(plans.filter(({ files }) => files.postgresql !== undefined))(
    "starts with the settings of $system, and has them",
    async ({ files }) => {
      const settings = settingsIn(files.postgresql?.text ?? "");
      expect(settings.map(([name]) => name)).toContain("max_connections");
      const options = settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
      // What it makes of each, without taking the memory of a larger host than this one.
      for (const [name, value] of settings) {
        const shown = await execa(postgres as string, ["-D", join(data, "db"), ...options, "-C", name], user);
        expect(shown.stderr).toBe("");
        if (/^\d+$/.test(value)) expect(shown.stdout).toBe(value);
      }
      const small = ["-c", "shared_buffers=128MB"];
      const answer = await execa(
        postgres as string,
        ["--single", "-D", join(data, "db"), ...options, ...small, "postgres"],
        { ...user, input: "select current_setting('max_connections') as most\n" },
      );
      const [, max] = settings.find(([name]) => name === "max_connections") as [string, string];
      expect(answer.stdout).toContain(`most = "${max}"`);
    },
    30_000,
  );
});

describe.skipIf(!redisServer)("a real Redis", () => {
  it.each(plans.filter(({ files }) => files.redis !== undefined))(
    "takes the settings of $system",
    async ({ files }) => {
      const folder = temporaryFolder();
      const [socket, conf] = [join(folder, "redis.sock"), join(folder, "redis.conf")];
      const text = files.redis?.text ?? "";
      // A managed node's reserve is the provider's own setting, and no Redis knows it.
      const managed = Object.entries(parametersIn(text)).filter(
        ([name]) => name !== "reserved-memory-percent",
      );
      const lines =
        managed.length > 0
          ? managed
          : [...text.matchAll(/^([a-z-]+) (\S+)$/gm)].map(([, key, value]) => [key, value]);
      expect(lines.length).toBeGreaterThan(0);
      writeFileSync(
        conf,
        [
          ...lines.map((pair) => pair.join(" ")),
          "port 0",
          `unixsocket ${socket}`,
          `dir ${folder}`,
          'save ""',
        ].join("\n"),
      );
      const server = execa(redisServer as string, [conf], { reject: false, all: true });
      try {
        await until(async () => existsSync(socket), "Redis");
        for (const [key, value] of lines) {
          const { stdout } = await execa("redis-cli", ["-s", socket, "config", "get", key as string]);
          expect(stdout.split("\n")[1]).toBe(value);
        }
      } finally {
        server.kill();
        await server;
      }
    },
    30_000,
  );
});
