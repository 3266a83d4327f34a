import { readdirSync, readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { headroom, temporaryFolder, withServer, withTestbed } from "./cli.ts";

/** A secret for every way in; none may come out. */
const SECRETS = {
  HEADROOM_EMAIL: "canary-email@example.org",
  HEADROOM_PASSWORD: "canary-password",
  HEADROOM_PROMETHEUS_TOKEN: "canary-bearer",
  HEADROOM_PROMETHEUS_HEADERS: "X-Scope-OrgID: canary-tenant",
};
const withUser = (url: string) => `${url.replace("://", "://canary-user:canary-secret@")}`;

/** A store that repeats in its error what it was given, as careless proxies do. */
const echo: RequestListener = (request, response) => {
  response.writeHead(400, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ status: "error", error: "bad query", headers: request.headers }));
};

const engines = inject("k6") === null ? ["autocannon"] : ["k6", "autocannon"];

describe("planted secrets", () => {
  it("are in no file, no log and no report of any command", async () => {
    const folder = temporaryFolder();
    let said = "";
    const run = async (...args: string[]) => {
      const { stdout, stderr } = await headroom(args, { env: SECRETS, cwd: folder });
      said += `$ ${args[0]}\n${stdout}\n${stderr}\n`;
    };
    await withServer(echo, async (store) =>
      withTestbed(["pynomaly"], async (url) => {
        const query = `${withUser(url)}/?token=canary-query`;
        const nowhere = `${withUser(url)}/nowhere`;
        const load = ["--scenario", "smoke", "--duration", "6s"];
        for (const engine of engines) {
          await run(
            "gate",
            "pynomaly",
            "--target",
            withUser(url),
            "--engine",
            engine,
            ...load,
            "--prometheus",
            withUser(store),
            "--out",
            join(folder, engine),
          );
          // A login that fails would say where and with what, unless somebody takes care.
          for (const target of [nowhere, query])
            await run(
              "gate",
              "pynomaly",
              "--target",
              target,
              "--engine",
              engine,
              ...load,
              "--out",
              join(folder, `${engine}-2`),
            );
        }
        await run(
          "stress",
          `${withUser(url)}/health?token=canary-query`,
          "-H",
          "Authorization: Bearer canary-header",
          "-b",
          '{"password":"canary-body"}',
          "-m",
          "POST",
          "-d",
          "1s",
          "--out",
          join(folder, "stress"),
        );
        await run(
          "capacity",
          "pynomaly",
          "--target",
          withUser(url),
          "--engine",
          "autocannon",
          "--hold",
          "2s",
          "--budget",
          "3s",
          "--out",
          join(folder, "capacity"),
        );
        await run("plan", "pynomaly", "--prometheus", withUser(store), "--out", join(folder, "plan"));
        await run(
          "snapshot",
          "pynomaly",
          "--prometheus",
          withUser(store),
          "--out",
          join(folder, "snapshot.json"),
        );
        await run(
          "export",
          "k6-operator",
          "pynomaly",
          "--target",
          withUser(url),
          "--parallelism",
          "2",
          "--remote-write",
          store,
          "--out",
          join(folder, "run.yaml"),
        );
        await run("gate", "--from-prometheus", withUser(store), "--run-id", "r1");
        await run("judge", join(folder, "autocannon"), "--out", join(folder, "judged"));
        await run(
          "compare",
          join(folder, "autocannon"),
          join(folder, "autocannon"),
          "--out",
          join(folder, "compared"),
        );
        await run("runs", "pynomaly");
        await run("doctor");
      }),
    );
    expect(said.match(/canary[\w-]*/g) ?? []).toEqual([]);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) {
      const text = readFileSync(join(file.parentPath, file.name), "utf8");
      expect(text.match(/canary[\w-]*/g) ?? [], file.name).toEqual([]);
    }
  });
});
