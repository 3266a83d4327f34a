import { describe, expect, inject, it } from "vitest";
import { behaving, gate, headroom, script, withServer } from "./cli.ts";

/** Runs after which k6 exits 0 (or without a usable word), each against real k6: none may be called a pass. */
const CASES: [title: string, script: string, exit: number, code: string][] = [
  ["thresholds on a tag without samples", "ghost-threshold", 4, "no-data"],
  ["an exception in every iteration", "exceptions", 4, "exceptions"],
  ["an exception in every async iteration", "async-exceptions", 4, "exceptions"],
  ["every connection reset, latency alone judged", "refused", 4, "failures-unjudged"],
  ["every answer a 500, nothing judged", "no-threshold-500", 4, "nothing-judged"],
  ["a maintenance page with status 200, its checks unjudged", "maintenance", 4, "checks-unjudged"],
  ["a handleSummary that throws", "summary-throws", 4, "summary-failed"],
  ["a handleSummary whose file cannot be written", "summary-unwritable", 4, "summary-failed"],
  ["most iterations dropped", "dropped", 4, "iterations-dropped"],
  ["a p99 of twenty samples", "few-samples", 4, "no-data"],
  ["5% of the answers a rate limiter's, expected by the script", "limited", 4, "rate-limited"],
  ["a script that marks itself failed", "marks-failed", 4, "script-marked-failed"],
  ["a script that aborts itself", "aborts", 4, "engine-exit"],
  ["a setup that throws", "setup-throws", 4, "engine-exit"],
];

describe.skipIf(inject("k6") === null).concurrent("green in k6, not here", () => {
  it.each(CASES)("%s", async (_, name, exit, code) => {
    await withServer(behaving, async (url) => {
      const { exitCode, verdict } = await gate(["--script", script(name), "--target", url]);
      expect(verdict.reasons.map((reason) => reason.code)).toContain(code);
      expect(verdict.status).not.toBe("pass");
      expect(exitCode).toBe(exit);
    });
  });

  it("a script that never finishes loading is ended and named", async () => {
    const { exitCode, stderr } = await headroom(["gate", "--script", script("hangs")]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/hangs\.ts: does not finish loading within 30 s/);
  });
});
