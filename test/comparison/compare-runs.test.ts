import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/comparison/compare-runs.ts";
import { USUAL_CRITERIA } from "../../src/comparison/usual-criteria.ts";
import type { RunResult } from "../../src/model/run.ts";
import { simulatedRun } from "../simulated-run.ts";

const SHOP = [
  { name: "search", perSecond: 60, medianMs: 40, sigma: 0.6 },
  { name: "buy", perSecond: 40, medianMs: 25, sigma: 0.5 },
] as const;
const compare = (a: RunResult, b: RunResult) => compareRuns([a], [b], USUAL_CRITERIA);
const lineOf = (comparison: ReturnType<typeof compare>, id: string) => {
  const found = comparison.lines.find((line) => line.id === id);
  if (found === undefined) throw new Error(`no line ${id}`);
  return found;
};
const TRIALS = 60;
const trials = (make: (seed: number) => ReturnType<typeof compare>) =>
  Array.from({ length: TRIALS }, (_, trial) => make(2 * trial + 1));
const share = (outcomes: readonly ReturnType<typeof compare>[], wanted: string) =>
  outcomes.filter(({ outcome }) => outcome === wanted).length / TRIALS;

describe("a comparison of runs", { timeout: 60_000 }, () => {
  it("of one service with itself cries wolf in at most 5%, calm and where neighbouring seconds are alike", () => {
    for (const wobble of [0, 0.05]) {
      const found = trials((seed) =>
        compare(simulatedRun(seed, SHOP, { wobble }), simulatedRun(seed + 1, SHOP, { wobble })),
      );
      expect(share(found, "regressed")).toBeLessThanOrEqual(0.05);
    }
  });

  it("finds 15% more latency in most, and says that it is there", () => {
    const found = trials((seed) =>
      compare(simulatedRun(seed, SHOP), simulatedRun(seed + 1, SHOP, { scale: 1.15 })),
    );
    expect(share(found, "regressed")).toBeGreaterThan(0.9);
    const held = found.filter((one) => {
      const { interval } = lineOf(one, "p95-regression:all");
      return interval !== null && interval.low <= 0.15 && interval.high >= 0.15;
    });
    expect(held.length / TRIALS).toBeGreaterThanOrEqual(0.95);
  });

  it("calls the same change an improvement the other way round", () => {
    const [slow, fast] = [simulatedRun(1, SHOP, { scale: 1.3 }), simulatedRun(2, SHOP)];
    expect(compare(fast, slow).outcome).toBe("regressed");
    expect(compare(slow, fast).outcome).toBe("improved");
  });

  it("does not count what nobody notices: 3%, or less than a millisecond", () => {
    const long = { seconds: 600 };
    expect(
      compare(simulatedRun(1, SHOP, long), simulatedRun(2, SHOP, { ...long, scale: 1.03 })).outcome,
    ).toBe("no-change-shown");
    const quick = [{ name: "ping", perSecond: 100, medianMs: 1, sigma: 0.3 }];
    expect(compare(simulatedRun(1, quick), simulatedRun(2, quick, { scale: 1.3 })).outcome).toBe(
      "no-change-shown",
    );
  });

  it("finds more failures, in points", () => {
    const failing = SHOP.map((one) => ({ ...one, failedRatio: 0.02 }));
    const found = compare(simulatedRun(1, SHOP), simulatedRun(2, failing));
    expect(lineOf(found, "error-regression")).toMatchObject({ outcome: "regressed", baseline: 0 });
    expect(lineOf(found, "error-regression").change).toBeCloseTo(0.02, 2);
  });

  it("of runs that differ among themselves needs more than they differ by", () => {
    // Each run has its own luck of ±10%: two of them differ by that, five say how much it is.
    const lucky = (seed: number) => simulatedRun(seed, SHOP, { scale: 1 + 0.1 * Math.sin(seed * 12.9898) });
    const base = [1, 2, 3, 4, 5].map(lucky) as [RunResult, ...RunResult[]];
    const other = compareRuns(base, [simulatedRun(9, SHOP, { scale: 1.12 })], USUAL_CRITERIA);
    expect(other.outcome).not.toBe("regressed");
    const alone = compareRuns(
      [simulatedRun(8, SHOP)],
      [simulatedRun(9, SHOP, { scale: 1.12 })],
      USUAL_CRITERIA,
    );
    expect(alone.outcome).toBe("regressed");
  });

  it("says that it cannot tell: too short, an endpoint that is gone or rarely called", () => {
    const short = compare(simulatedRun(1, SHOP, { seconds: 3 }), simulatedRun(2, SHOP, { seconds: 3 }));
    expect(short.outcome).toBe("inconclusive");
    const gone = compare(simulatedRun(1, SHOP), simulatedRun(2, [SHOP[0]]));
    expect(lineOf(gone, "p95-regression:buy")).toMatchObject({
      outcome: "inconclusive",
      note: "candidate: no samples",
    });
    // What cannot be told of one endpoint does not block the gate; what is shown of it does.
    expect(lineOf(gone, "p95-regression:buy").severity).toBe("warn");
    const slowEndpoint = [SHOP[0], { ...SHOP[1], medianMs: 50 }];
    expect(
      lineOf(compare(simulatedRun(1, SHOP), simulatedRun(2, slowEndpoint)), "p95-regression:buy"),
    ).toMatchObject({
      outcome: "regressed",
      severity: "gate",
    });
  });

  it("is the same for the same runs", () => {
    const runs = [simulatedRun(1, SHOP), simulatedRun(2, SHOP)] as const;
    expect(compare(...runs)).toEqual(compare(...runs));
  });
});
