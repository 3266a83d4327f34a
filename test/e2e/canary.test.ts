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
        const toStore = ["--prometheus", withUser(store)];
        const gateThrough = async (engine: string) => {
          const gate = ["gate", "pynomaly", "--engine", engine, ...load, "--target"];
          await run(...gate, withUser(url), ...toStore, "--out", join(folder, engine));
          // A login that fails would say where and with what, unless somebody takes care.
          for (const target of [nowhere, query])
            await run(...gate, target, "--out", join(folder, `${engine}-2`));
        };
        const header = ["-H", "Authorization: Bearer canary-header"];
        const body = ["-m", "POST", "-b", '{"password":"canary-body"}'];
        const stressed = `${withUser(url)}/health?token=canary-query`;
        const hold = ["--engine", "autocannon", "--hold", "2s", "--budget", "3s"];
        const generators = ["--parallelism", "2", "--remote-write", store];
        await Promise.all([
          ...engines.map(gateThrough),
          run("stress", stressed, ...header, ...body, "-d", "1s", "--out", join(folder, "stress")),
          run("capacity", "pynomaly", "--target", withUser(url), ...hold, "--out", join(folder, "capacity")),
          run("plan", "pynomaly", ...toStore, "--out", join(folder, "plan")),
          run("snapshot", "pynomaly", ...toStore, "--out", join(folder, "snapshot.json")),
          run(
            ...["export", "k6-operator", "pynomaly", "--target", withUser(url)],
            ...[...generators, "--out", join(folder, "run.yaml")],
          ),
          run("gate", "--from-prometheus", withUser(store), "--run-id", "r1"),
          run("doctor"),
        ]);
        const kept = join(folder, "autocannon");
        await run("judge", kept, "--out", join(folder, "judged"));
        await run("compare", kept, kept, "--out", join(folder, "compared"));
        await run("runs", "pynomaly");
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
