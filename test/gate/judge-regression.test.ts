import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/comparison/compare-runs.ts";
import { USUAL_CRITERIA } from "../../src/comparison/usual-criteria.ts";
import { judge } from "../../src/gate/judge.ts";
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
    expect(judged(60, 1.3, "warn").status).toBe("pass");
  });

  it("is inconclusive where it cannot be told, with what to do", () => {
    const verdict = judged(3, 1);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.reasons.find(({ message }) => message.startsWith("p50-regression"))?.remedy).toMatch(
      /^Lengthen the run or compare with several/,
    );
  });
});
