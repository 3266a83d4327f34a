import { describe, expect, it } from "vitest";
import type { Evidence } from "../../src/model/evidence.ts";
import type { MetricRow } from "../../src/model/metric-row.ts";
import type { RunResult } from "../../src/model/run.ts";
import { canonicalRun, client, ERRORS, failed, thresholds } from "../canonical.ts";
import { codes, replaced, TOO_SLOW, verdictOf } from "./verdict-of.ts";

describe("what makes a run invalid", () => {
  it("answers that count as correct and fail a check are no evidence of latency, unless checks are judged", () => {
    const failing = (fails: number, ratio: number): RunResult => ({
      ...canonicalRun({}, replaced(failed({}, 6000, ratio))),
      checks: [
        { name: "buy: status is 200", passes: 6000 - 6000 * ratio, fails: 6000 * ratio },
        { name: "buy: has a price", passes: 6000 - fails, fails },
      ],
    });
    const lenient = { ...ERRORS, bound: { operator: "<=", value: 0.5 } } as typeof ERRORS;
    const criteria = thresholds([client(), lenient]);
    expect(codes(failing(6000, 0), criteria)).toEqual(["checks-unjudged"]);
    expect(codes(failing(61, 0), criteria)).toEqual(["checks-unjudged"]);
    expect(codes(failing(60, 0), criteria)).toEqual([]);
    // The 8% that failed fail their checks too.
    expect(codes(failing(480, 0.08), criteria)).toEqual([]);
    const checks = client({
      id: "checks",
      metric: "checks",
      tags: {},
      phase: null,
      stat: { kind: "rate" },
      bound: { operator: ">=", value: 0.99 },
    });
    const row: MetricRow = { metric: "checks", tags: {}, type: "rate", samples: 12_000, ratio: 0.5 };
    const run = failing(6000, 0);
    const verdict = verdictOf(
      { ...run, metrics: [...run.metrics, row] },
      thresholds([client(), lenient, checks]),
    );
    expect([verdict.status, verdict.reasons]).toEqual(["fail", []]);
  });

  it("a failure stands when the flaw can only have flattered the target, and falls when it can have caused it", () => {
    const broken = thresholds([TOO_SLOW, ERRORS]);
    const status = (evidence: Partial<Evidence>) => verdictOf(canonicalRun(evidence), broken).status;
    expect(status({ droppedIterations: 50 })).toBe("fail");
    expect(status({ exceptions: 3 })).toBe("fail");
    expect(status({ generatorCpu: { cores: 4, samples: [1, 1, 1, 1] } })).toBe("inconclusive");
    expect(status({ rateLimited: 600 })).toBe("inconclusive");
    expect(status({ interrupted: true })).toBe("inconclusive");
    expect(status({ summaryComplete: false })).toBe("inconclusive");
  });
});
