import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import type { Verdict } from "../../src/model/verdict.ts";
import { behaving, CLI, limited, temporaryFolder, withServer, withTestbed } from "./cli.ts";

const ENGINES = inject("k6") === null ? ["autocannon"] : ["k6", "autocannon"];

describe("a machine with no open files left", () => {
  it.each(ENGINES)("is not the target's fault: %s", async (engine) => {
    await withTestbed(["companion"], async (url) => {
      const load = ["--load-scale", "4", "--duration", "8s", "--engine", engine, "--json"];
      const out = ["--out", temporaryFolder()];
      const said = await limited("-n 150", ["gate", "companion", "--target", url, ...load, ...out]);
      const { status, criteria, reasons } = JSON.parse(String(said.stdout)) as Verdict;
      expect([said.exitCode, status]).toEqual([4, "inconclusive"]);
      expect(criteria.find(({ id }) => id === "error-ratio")?.status).toBe("fail");
      expect(reasons).toContainEqual({
        code: "generator-exhausted",
        message: expect.stringMatching(/^\d+ requests of \d+ never left the generator: too many open files$/),
        remedy: expect.stringContaining("ulimit -n"),
      });
    });
  });

  it("is found before a stress that would need them", async () => {
    const said = await limited("-n 150", ["stress", "http://127.0.0.1:9", "-c", "1000"]);
    expect([said.exitCode, said.stdout]).toEqual([2, ""]);
    expect(said.stderr).toMatch(/1000 connections are as many open files, and this process may have 150/);
  });
});

describe.concurrent("a generator that stood still for some seconds", () => {
  it.each(ENGINES)("has timed its own pause: %s", async (engine) => {
    await withServer(behaving, async (url) => {
      const out = temporaryFolder();
      const load = ["--scenario", "smoke", "--duration", "12s", "--rate", "20", "--engine", engine];
      const args = ["gate", "ralph", "--target", url, ...load, "--json", "--out", out];
      const child = execa(process.execPath, [CLI, ...args], { reject: false, stdin: "ignore" });
      const stopped = engine === "k6" ? await k6Below(child.pid as number) : (child.pid as number);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      process.kill(stopped, "SIGSTOP");
      await new Promise((resolve) => setTimeout(resolve, 4000));
      process.kill(stopped, "SIGCONT");
      const { stdout } = await child;
      const { status, reasons } = JSON.parse(String(stdout)) as Verdict;
      expect(status).toBe("inconclusive");
      expect(reasons).toContainEqual(
        expect.objectContaining({
          code: "generator-stalled",
          message: expect.stringMatching(/ itself stood still for [34](\.\d+)? s/),
        }),
      );
    });
  });
});

/** The k6 that a gate started, once it makes its load. */
async function k6Below(parent: number): Promise<number> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const found = await execa("pgrep", ["-P", String(parent), "-f", "k6.* run "], { reject: false });
    if (found.stdout !== "") return Number(found.stdout.split("\n")[0]);
  }
}
