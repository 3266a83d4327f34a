import { json } from "node:stream/consumers";
import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import { CLI, gate, headroom, script, temporaryFolder, withServer } from "./cli.ts";
import { until } from "./wait.ts";

const childrenOf = async (pid: number) => {
  const { stdout } = await execa("pgrep", ["-P", String(pid)], { reject: false });
  return String(stdout).split("\n").filter(Boolean).map(Number);
};
/** What nobody waited for any more stays in the table as Z, and runs no more. */
const isGone = async (pid: number) => {
  const { stdout } = await execa("ps", ["-o", "stat=", "-p", String(pid)], { reject: false });
  return /^Z|^$/.test(String(stdout).trim());
};

describe.skipIf(inject("k6") === null)("k6", () => {
  it("ends with headroom, when that is killed in the middle of a load", async () => {
    let began: () => void;
    const loading = new Promise<void>((resolve) => {
      began = resolve;
    });
    let requests = 0;
    await withServer(
      (_, response) => {
        if (++requests > 20) began();
        response.end("{}");
      },
      async (url) => {
        const args = ["gate", "--script", script("long"), "--target", url];
        const child = execa(process.execPath, [CLI, ...args, "--out", temporaryFolder()], {
          reject: false,
          stdin: "ignore",
        });
        await loading;
        const started = await childrenOf(child.pid as number);
        expect(started.length).toBeGreaterThanOrEqual(2); // k6, and what watches over it
        child.kill("SIGKILL");
        expect((await child).signal).toBe("SIGKILL");
        for (const pid of started) await until(() => isGone(pid), `the end of ${pid}`);
      },
    );
  });

  it("and its script see a listed environment, and what --env names", async () => {
    const seen: Record<string, string>[] = [];
    await withServer(
      async (request, response) => {
        if (request.method === "POST") seen.push((await json(request)) as Record<string, string>);
        response.end("{}");
      },
      async (url) => {
        const secret = {
          HEADROOM_PROMETHEUS_TOKEN: "s3cret-1",
          AWS_SECRET_ACCESS_KEY: "s3cret-2",
          GITHUB_TOKEN: "s3cret-3",
          K6_CLOUD_TOKEN: "s3cret-4",
          DATABASE_URL: "s3cret-5",
        };
        const env = { ...secret, HEADROOM_PASSWORD: "for the login", SHOP_TOKEN: "named-secret" };
        const named = ["--env", "SHOP_TOKEN", "--env", "REGION=eu=1"];
        const { exitCode, run } = await gate(["--script", script("environment"), "--target", url, ...named], {
          env,
        });
        expect(exitCode).toBe(0);
        expect(seen).toHaveLength(10);
        expect(JSON.stringify(seen)).not.toContain("s3cret");
        expect(seen[0]).toMatchObject({
          TARGET: url,
          HEADROOM_PASSWORD: "for the login",
          SHOP_TOKEN: "named-secret",
          REGION: "eu=1",
          PATH: expect.any(String),
        });
        expect(run.asked.command).not.toContain("eu=1");
      },
    );
  });
});

it("an --env that is not there, or is none, is refused before any load", async () => {
  const args = ["gate", "ralph", "--target", "http://127.0.0.1:1", "--scenario", "smoke"];
  const said = await headroom([...args, "--env", "NOT_THERE"]);
  expect([said.exitCode, said.stderr]).toEqual([2, expect.stringContaining("--env NOT_THERE is not set")]);
  const wrong = await headroom([...args, "--env", "s3cret value"]);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.not.stringContaining("s3cret")]);
});
