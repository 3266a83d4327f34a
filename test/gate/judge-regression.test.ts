import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/comparison/compare-runs.ts";
import { USUAL_CRITERIA } from "../../src/comparison/usual-criteria.ts";
import { judge } from "../../src/gate/judge.ts";
import { judgeRegression, regressionNotices } from "../../src/gate/judge-regression.ts";
import type { ComparedLine, Comparison } from "../../src/model/comparison.ts";
import { client, thresholds } from "../canonical.ts";
import { simulatedRun } from "../simulated-run.ts";

const SHOP = [{ name: "search", perSecond: 80, medianMs: 40, sigma: 0.5 }];
const criteria = thresholds([client()]);
const judged = (seconds: number, scale: number, severity: "gate" | "warn" = "gate") => {
  const run = simulatedRun(2, SHOP, { seconds, scale });
  const usual = USUAL_CRITERIA.map((criterion) => ({ ...criterion, severity }));
  return judge(run, criteria, "run.json", compareRuns([simulatedRun(1, SHOP, { seconds })], [run], usual));
};

describe("a run held to a baseline", () => {
  it("passes where nothing is worse, and names what it was compared with", () => {
    const verdict = judged(60, 1);
    expect(verdict.status).toBe("pass");
    expect(verdict.notices).toContain("compared with run run-1");
  });

  it("fails where it is slower, although the SLA holds", () => {
    const verdict = judged(60, 1.3);
    expect(verdict.status).toBe("fail");
    expect(verdict.criteria.find(({ id }) => id === "p95")?.status).toBe("pass");
    const regression = verdict.criteria.find(({ id }) => id === "p50-regression");
    expect(regression).toMatchObject({ kind: "regression", status: "fail", unit: "ratio", limit: 0.05 });
    expect(regression?.note).toMatch(/^regressed, 40.* ms → 5.* ms/);
  });

  it("warns where the criterion only warns", () => {
    const verdict = judged(60, 1.3, "warn");
    expect([verdict.status, verdict.criteria.find(({ id }) => id === "p50-regression")?.status]).toEqual([
      "pass",
      "warn",
    ]);
  });

  it("is inconclusive where it cannot be told, with what to do", () => {
    const verdict = judged(3, 1);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.reasons.find(({ message }) => message.startsWith("p50-regression"))?.remedy).toMatch(
      /^Lengthen the run or compare with several/,
    );
  });
});

describe("a compared line as a criterion", () => {
  const LINE: ComparedLine = {
    id: "p50-regression",
    metric: "http_req_duration",
    endpoint: "search",
    phase: "steady",
    stat: "p50",
    unit: "ms",
    severity: "gate",
    floor: 0.05,
    baseline: 40,
    candidate: 50,
    change: 0.25,
    interval: { low: 0.2, high: 0.3 },
    samples: { baseline: 900, candidate: 800 },
    outcome: "regressed",
    note: null,
    why: "as before",
  } as ComparedLine;
  const SIDE = { runs: ["run-1"], startedAt: "2026-01-01T12:00:00.000Z" };
  const comparison = (line: Partial<ComparedLine> = {}, more: Partial<Comparison> = {}) =>
    ({
      baseline: SIDE,
      candidate: SIDE,
      differences: [],
      lines: [{ ...LINE, ...line }],
      ...more,
    }) as Comparison;
  const only = (line: Partial<ComparedLine>) => judgeRegression(comparison(line))[0];

  it("carries the change, what counts as one, and both values", () => {
    expect(judgeRegression(null)).toEqual([]);
    expect(only({})).toEqual({
      id: "p50-regression",
      kind: "regression",
      metric: "http_req_duration",
      where: "search · steady",
      stat: "p50",
      unit: "ratio",
      operator: "<",
      limit: 0.05,
      severity: "gate",
      observed: 0.25,
      samples: 800,
      status: "fail",
      interval: { low: 0.2, high: 0.3 },
      note: "regressed, 40 ms → 50 ms",
      why: "as before",
    });
  });

  it("has a floor below zero where more is better", () => {
    expect(only({ metric: "http_reqs" })).toMatchObject({ operator: ">", limit: -0.05 });
  });

  it("is of all endpoints and phases where none is named", () => {
    expect(only({ endpoint: null, phase: null })?.where).toBe("all");
    expect(only({ endpoint: null })?.where).toBe("all · steady");
  });

  it("says why nothing can be told, and no value that is not known", () => {
    expect(only({ outcome: "inconclusive", baseline: null, note: "7 s are too few" })).toMatchObject({
      status: "no-data",
      note: "inconclusive, 7 s are too few",
    });
    expect(only({ candidate: null })?.note).toBe("regressed");
    expect(only({ outcome: "no-change-shown" })).toMatchObject({
      status: "pass",
      note: "no change shown, 40 ms → 50 ms",
    });
    expect(only({ outcome: "improved" })?.status).toBe("pass");
  });

  it("the reader is told of the baseline and of what differs", () => {
    expect(regressionNotices(null)).toEqual([]);
    const differences = [{ what: "k6", baseline: "2.1.0", candidate: "2.2.0" }];
    expect(regressionNotices(comparison({}, { differences }))).toEqual([
      "compared with run run-1",
      "not like for like: the k6 was 2.1.0 then and is 2.2.0 now",
    ]);
    const baseline = { ...SIDE, runs: ["run-3", "run-2", "run-1"] } as Comparison["baseline"];
    expect(regressionNotices(comparison({}, { baseline }))).toEqual([
      "compared with 3 runs, the newest run-3",
    ]);
  });
});
