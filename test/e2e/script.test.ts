import { describe, expect, inject, it } from "vitest";
import { behaving, headroom, script, settledGate, withServer } from "./cli.ts";

describe.skipIf(inject("k6") === null).concurrent("a script of one's own", () => {
  it("with an npm package, a tsconfig path and a decorator runs and is judged by its own thresholds", async () => {
    await withServer(behaving, async (url) => {
      const { exitCode, verdict, run } = await settledGate([
        "--script",
        script("decorated"),
        "--target",
        url,
      ]);
      expect(exitCode).toBe(0);
      expect(verdict.criteria.map(({ id, status }) => [id, status])).toEqual([
        ["http_req_duration{name:cart} p(95)<500", "pass"],
        ["http_req_failed rate<0.01", "pass"],
      ]);
      expect(run.checks).toEqual([{ name: "answers as agreed", passes: run.evidence.iterations, fails: 0 }]);
      expect(run.evidence.iterations).toBeGreaterThanOrEqual(199);
    });
  });

  it("with a syntax error: exit 2 with the line of the .ts", async () => {
    const { exitCode, stderr } = await headroom(["gate", "--script", script("syntax-error")]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/syntax-error\.ts:4 .*Expected "\)"/);
  });

  it("that throws at load: exit 2 with the line of the .ts, before any load", async () => {
    const { exitCode, stderr } = await headroom(["gate", "--script", script("throws-at-load")]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/throws-at-load\.ts:7/);
  });

  it("that does not exist, or is given a scaled load: exit 2", async () => {
    const missing = await headroom(["gate", "--script", "nowhere.ts"]);
    expect([missing.exitCode, missing.stderr]).toEqual([
      2,
      expect.stringMatching(/nowhere\.ts: no such file/),
    ]);
    const scaled = await headroom(["gate", "--script", script("long"), "--time-scale", "0.1"]);
    expect([scaled.exitCode, scaled.stderr]).toEqual([2, expect.stringMatching(/has its own load/)]);
  });
});
