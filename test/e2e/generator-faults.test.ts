import { describe, expect, inject, it } from "vitest";
import type { Verdict } from "../../src/model/verdict.ts";
import { rowsOf } from "../matrix.ts";
import { behaving, limited, startHeadroom, temporaryFolder, withServer, withTestbed } from "./cli.ts";
import { childOf, counting } from "./wait.ts";

const ENGINES = inject("k6") === null ? ["autocannon"] : ["k6", "autocannon"];

describe("a machine with no open files left", () => {
  it.each(rowsOf(ENGINES, (engine) => engine === "k6"))("is not the target's fault: %s", async (engine) => {
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
  it.each(rowsOf(ENGINES, (engine) => engine === "autocannon"))(
    "has timed its own pause: %s",
    async (engine) => {
      const { listener, reached } = counting(behaving);
      await withServer(listener, async (url) => {
        const load = ["--scenario", "smoke", "--duration", "12s", "--rate", "20", "--engine", engine];
        const args = ["gate", "ralph", "--target", url, ...load, "--json", "--out", temporaryFolder()];
        const child = startHeadroom(args);
        const gate = child.pid as number;
        const stopped = engine === "k6" ? await childOf(gate, "k6 run ") : gate;
        await reached(60);
        process.kill(stopped, "SIGSTOP");
        const stoppedMs = performance.now();
        // Here the time itself is what is tested.
        await new Promise((resolve) => setTimeout(resolve, 4000));
        process.kill(stopped, "SIGCONT");
        const stoodStillS = (performance.now() - stoppedMs) / 1000;
        const { stdout } = await child;
        const { status, reasons } = JSON.parse(String(stdout)) as Verdict;
        expect(status).toBe("inconclusive");
        const stalled = reasons.find(({ code }) => code === "generator-stalled")?.message;
        const seconds = Number(/ itself stood still for ([\d.]+) s/.exec(stalled ?? "")?.[1]);
        expect(seconds / stoodStillS, stalled).toBeGreaterThan(0.5);
        expect(seconds / stoodStillS, stalled).toBeLessThan(2);
      });
    },
  );
});
