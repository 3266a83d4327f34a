import { describe, expect, it } from "vitest";
import { canonicalRun, ERRORS, thresholds } from "../canonical.ts";
import { TOO_SLOW, verdictOf } from "./verdict-of.ts";

describe("the engine's own judgement", () => {
  const said = (criterion: string | null, selector: string, expression: string, ok: boolean) => ({
    ...canonicalRun(),
    engineThresholds: [{ criterion, selector, expression, ok }],
  });

  it("is mentioned where it differs", () => {
    expect(verdictOf(said("p95", "http_req_duration", "p(95)<=500", false)).notices.join()).toMatch(
      /^k6 failed p95, Headroom says pass$/,
    );
    // Of two criteria the one that is meant.
    expect(verdictOf(said("error-ratio", "http_req_failed", "rate<=0.01", false)).notices).toEqual([
      "k6 failed error-ratio, Headroom says pass",
    ]);
    const slow = verdictOf(
      said("p95", "http_req_duration", "p(95)<=50", true),
      thresholds([TOO_SLOW, ERRORS]),
    );
    expect(slow.notices).toEqual(["k6 passed p95, Headroom says fail"]);
    expect(verdictOf(said("p95", "http_req_duration", "p(95)<=500", true)).notices).toEqual([]);
  });

  it("of a script's own thresholds becomes a criterion that needs samples like any other", () => {
    const passed = verdictOf(said(null, "http_req_duration", "p(95)<500", true));
    expect(passed.criteria.at(-1)?.why).toBe("a threshold of the script itself");
    // A criterion of the file's, which the engine was given too, is judged once.
    expect(verdictOf(said("p95", "http_req_duration", "p(95)<=500", true)).criteria).toHaveLength(2);
    // What k6 passes and nobody here can judge is no evidence.
    expect(verdictOf(said(null, "http_req_duration", "count==3", true)).reasons).toMatchObject([
      { code: "no-data", message: expect.stringContaining("the expression is not understood") },
    ]);
    expect(passed.criteria.at(-1)).toMatchObject({ id: "http_req_duration p(95)<500", status: "pass" });
    const ghost = verdictOf(said(null, "http_req_duration{name:ghost}", "p(95)<500", true));
    expect([ghost.status, ghost.criteria.at(-1)?.status]).toEqual(["inconclusive", "no-data"]);
  });

  it.each([
    ["p(95)<500", "p95", "<", 500],
    [" p( 99.9 ) <= 1", null, "", 0],
    ["p(99.9)<=1e3", "p99.9", "<=", 1000],
    ["avg >= 10", "avg", ">=", 10],
    ["  max<2.5  ", "max", "<", 2.5],
    ["min>1", "min", ">", 1],
    ["max>=-1", null, "", 0],
    ["med<200", "p50", "<", 200],
    ["count==3", null, "", 0],
    ["count==0", "count", "<=", 0],
    ["rate===1", "rate", ">=", 1],
    ["sum<3", null, "", 0],
    ["p(95)<500 || true", null, "", 0],
    ["not p(95)<500", null, "", 0],
  ] as const)(
    "of the expression %s is judged if it is understood, and told if it is not",
    (expression, stat, operator, limit) => {
      const { criteria, notices } = verdictOf(said(null, "http_req_duration", expression, false));
      if (stat === null) {
        const isVacuous = expression === "max>=-1";
        expect(notices).toEqual(
          isVacuous
            ? [
                "the script's threshold http_req_duration max>=-1 decides nothing (it holds, or breaks, whatever happens) and is left out",
              ]
            : [],
        );
        // What k6 calls failed is failed, whoever understands it.
        const last = isVacuous ? {} : { status: "fail", note: expect.stringContaining("k6 says it failed") };
        expect(criteria.at(-1)).toMatchObject(last);
      } else {
        expect(criteria.at(-1)).toMatchObject({ stat, operator, limit, severity: "gate" });
        expect(notices).toEqual([]);
      }
    },
  );
});
