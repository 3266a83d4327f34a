import { describe, expect, it } from "vitest";
import { judge } from "../../src/gate/judge.ts";
import type { ClientCriterion } from "../../src/model/criterion.ts";
import type { Evidence, RunResult } from "../../src/model/run.ts";
import { canonicalRun, client, ERRORS, failed, thresholds, trend } from "../canonical.ts";

const generators: NonNullable<Evidence["generators"]> = {
  expected: 3,
  begun: ["1", "2", "3"],
  ended: ["1", "2", "3"],
  repeated: [],
  beginSpreadMs: 12,
  unaccounted: 0,
};

const runOf = (changed: Partial<typeof generators> = {}): RunResult =>
  canonicalRun({ generators: { ...generators, ...changed }, generatorCpu: null });

const judged = (run: RunResult, ...criteria: ClientCriterion[]) =>
  judge(run, thresholds(criteria.length > 0 ? criteria : [client(), ERRORS]), "run.json");

describe("a load that several generators made", () => {
  it("is judged like any other when all of them began together and ended", () => {
    const verdict = judged(runOf());
    expect(verdict.reasons).toEqual([]);
    expect(verdict.status).toBe("pass");
    expect(verdict.notices.join()).toContain("the CPU of the generators was not seen");
  });

  it.each([
    ["generators-missing", { begun: ["1", "3"], ended: ["1", "3"] }],
    ["generators-missing", { begun: ["1", "2", "3", "4"], ended: ["1", "2", "3", "4"] }],
    ["generators-unended", { ended: ["1", "3"] }],
    ["generators-repeated", { repeated: ["2"] }],
    ["generators-apart", { beginSpreadMs: 5000 }],
    ["samples-missing", { unaccounted: 17 }],
    ["samples-missing", { unaccounted: -17 }],
  ] as const)("proves nothing: %s, %o", (code, changed) => {
    const verdict = judged(runOf(changed as Partial<typeof generators>));
    expect(verdict.reasons.map((reason) => reason.code)).toEqual([code]);
    expect(verdict.status).toBe("inconclusive");
    // What the others saw under less load than was asked fails nobody either.
    const tooSlow = client({ bound: { operator: "<=", value: 0.001 } });
    expect(judged(runOf(changed as Partial<typeof generators>), tooSlow).status).toBe("inconclusive");
  });
});

describe("a percentile that is known only as a range", () => {
  const bounded = (low: number, high: number) => {
    const row = trend({}, 3000, 100);
    const bounds = (row.quantiles ?? []).map((): [number, number] => [low, high]);
    const quantiles = bounds.map(() => (low + high) / 2);
    return canonicalRun({}, [{ ...row, quantiles, quantileBounds: bounds }, failed({}, 3000, 0)]);
  };
  const p95 = (limit: number) => client({ tags: {}, phase: null, bound: { operator: "<=", value: limit } });

  it.each([
    [470, 512, 600, "pass"],
    [470, 512, 400, "fail"],
    [470, 512, 512, "pass"],
    [470, 512, 470, "fail"],
    [470, 512, 500, "inconclusive"],
  ] as const)("%d to %d ms against %d ms: %s", (low, high, limit, status) => {
    const verdict = judged(bounded(low, high), p95(limit));
    expect(verdict.status).toBe(status);
    if (status === "inconclusive")
      expect(verdict.criteria[0]?.note).toContain("lies between 470 ms and 512 ms");
  });
});
