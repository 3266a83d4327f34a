import { describe, expect, it } from "vitest";
import { RunLabels, scalingIn } from "../../../src/engines/distributed/run-order.ts";

describe("a generator's mark", () => {
  it("says what the load was scaled by, or is none", () => {
    expect(scalingIn('{"timeScale":0.1,"ratePerSecond":50}')).toEqual({ timeScale: 0.1, ratePerSecond: 50 });
    expect(scalingIn("{}")).toEqual({});
    const marks = { system: "s", scenario: "a", load: "x", runners: "2", target: "t", k6: "2.2.0" };
    for (const scaling of [
      "",
      "{",
      "null",
      "[]",
      "7",
      '{"target":5}',
      '{"timeScale":"1"}',
      '{"timeScale":-1}',
    ]) {
      expect(scalingIn(scaling), scaling).toBeNull();
      expect(RunLabels.safeParse({ ...marks, scaling }).success, scaling).toBe(false);
    }
    expect(RunLabels.safeParse({ ...marks, scaling: "{}" }).success).toBe(true);
  });
});
