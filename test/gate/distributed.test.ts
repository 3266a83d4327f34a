import { describe, expect, it } from "vitest";
import { judge } from "../../src/gate/judge.ts";
import type { ClientCriterion } from "../../src/model/criterion.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import type { RunResult } from "../../src/model/run.ts";
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
    [
      "generators-missing",
      { begun: ["1", "3"], ended: ["1", "3"] },
      "2 of 3 generators are seen (1, 3). Look for pods that never started and for remote writes that were refused; the load was smaller than asked",
    ],
    [
      "generators-missing",
      { begun: ["1", "2", "3", "4"], ended: ["1", "2", "3", "4"] },
      "4 of 3 generators are seen (1, 2, 3, 4). The identifier was used for two runs: export the run again under one of its own",
    ],
    [
      "generators-unended",
      { ended: ["1", "3"] },
      "generator 2 did not say that it ended. See what became of them: killed, evicted or still running; their last samples may be missing",
    ],
    [
      "generators-unended",
      { ended: ["1"] },
      "generators 2, 3 did not say that they ended. See what became of them: killed, evicted or still running; their last samples may be missing",
    ],
    [
      "generators-repeated",
      { repeated: ["2"] },
      "generator 2 began more than once. A restarted pod, or an identifier used before: export the run again under an identifier of its own",
    ],
    [
      "generators-repeated",
      { repeated: ["1", "2"] },
      "generators 1, 2 began more than once. A restarted pod, or an identifier used before: export the run again under an identifier of its own",
    ],
    [
      "generators-apart",
      { beginSpreadMs: 5000 },
      "the generators began within 5 s of each other: their peaks did not meet. Let them wait for each other (k6-operator does), and check that their clocks agree",
    ],
    [
      "samples-missing",
      { unaccounted: 17 },
      "the store has no duration of 17 requests that were counted. Look for remote writes that were refused; native histograms must be enabled in the store",
    ],
    [
      "samples-missing",
      { unaccounted: -17 },
      "the store has durations of 17 requests that were not counted. Look for remote writes that were refused; native histograms must be enabled in the store",
    ],
  ] as const)("proves nothing: %s, %o", (code, changed, words) => {
    const verdict = judged(runOf(changed as Partial<typeof generators>));
    expect(verdict.reasons.map((reason) => [reason.code, `${reason.message}. ${reason.remedy}`])).toEqual([
      [code, words],
    ]);
    expect(verdict.status).toBe("inconclusive");
    // What the others saw under less load than was asked fails nobody either.
    const tooSlow = client({ bound: { operator: "<=", value: 0.001 } });
    expect(judged(runOf(changed as Partial<typeof generators>), tooSlow).status).toBe("inconclusive");
  });
});

describe("generators that begin apart", () => {
  const codes = (beginSpreadMs: number, durationMs: number) => {
    const evidence = { generators: { ...generators, beginSpreadMs }, generatorCpu: null, durationMs };
    return judged(canonicalRun(evidence)).reasons.map(({ code }) => code);
  };
  it("may by two seconds, or by a hundredth of a long run", () => {
    expect([codes(2000, 60_000), codes(2001, 60_000)]).toEqual([[], ["generators-apart"]]);
    expect([codes(36_000, 3_600_000), codes(36_001, 3_600_000)]).toEqual([[], ["generators-apart"]]);
  });

  it("are not waited for once somebody interrupts", () => {
    const run = canonicalRun({ generators, generatorCpu: null, interrupted: true });
    expect(judged(run).reasons).toEqual([
      {
        code: "interrupted",
        message: "the wait for the generators was interrupted",
        remedy: "Ask again when they have ended",
      },
    ]);
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
      expect(verdict.criteria[0]?.note).toBe(
        "the store keeps durations in buckets: p95 lies between 470 ms and 512 ms, and the limit too",
      );
  });

  it("an average of them is none of its buckets'", () => {
    const average = client({ stat: { kind: "avg" }, bound: { operator: "<=", value: 500 } });
    expect(judged(bounded(470, 512), average).criteria[0]?.status).toBe("pass");
  });

  it.each(["min", "max"] as const)("so is the %s", (kind) => {
    const row = trend({}, 3000, 100);
    const bounds = (row.quantiles ?? []).map((): [number, number] => [1, 2]);
    bounds[kind === "min" ? 0 : bounds.length - 1] = [470, 512];
    const run = canonicalRun({}, [{ ...row, [kind]: 490, quantileBounds: bounds }, failed({}, 3000, 0)]);
    const within = (limit: number) =>
      judged(run, client({ stat: { kind }, bound: { operator: "<=", value: limit } })).criteria[0]?.status;
    expect([within(500), within(512), within(470)]).toEqual(["no-data", "pass", "fail"]);
  });
});
