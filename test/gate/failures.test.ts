import { describe, expect, it } from "vitest";
import type { findValidityReasons } from "../../src/gate/validity.ts";
import type { MetricRow, RunResult } from "../../src/model/run.ts";
import { canonicalRun, client, ERRORS, failed, METRICS } from "../canonical.ts";
import { CRITERIA, codesOf, inWords, judged, reasonsOf } from "./reasons-of.ts";

describe("failures that nothing looks at", () => {
  const failing = (ratio: number) =>
    canonicalRun({}, [
      ...METRICS.filter(({ metric }) => metric !== "http_req_failed"),
      failed({}, 6000, ratio),
    ]);
  const checks = client({ id: "checks", metric: "checks", stat: { kind: "rate" } });

  it("say how many", () => {
    const [reason] = reasonsOf(failing(0.4), [judged()], [client()]);
    expect(reason).toMatchObject({ code: "failures-unjudged", excusesFailure: false });
    expect(reason && inWords(reason)).toBe(
      "40.0% of the requests failed and no gate criterion looks at failures. Add a criterion on http_req_failed: a latency of failed answers is no evidence.",
    );
  });

  it.each<[string, number, Parameters<typeof findValidityReasons>[1], string[]]>([
    ["a percent of them is nothing", 0.01, [client()], []],
    ["more is something", 0.0101, [client()], ["failures-unjudged"]],
    ["a criterion on failures looks", 0.4, [client(), ERRORS], []],
    ["one on checks looks too", 0.4, [client(), checks], []],
    ["one that only warns does not", 0.4, [client(), { ...ERRORS, severity: "warn" }], ["failures-unjudged"]],
  ])("%s", (_, ratio, criteria, codes) => {
    expect(reasonsOf(failing(ratio), [judged()], criteria).map(({ code }) => code)).toEqual(codes);
  });

  it("a run without requests has none", () => {
    const rows: MetricRow[] = [{ metric: "http_reqs", tags: {}, type: "counter", samples: 0, count: 0 }];
    expect(codesOf(canonicalRun({ rateLimited: 5 }, rows))).toEqual([]);
  });

  it("checks: the one that fails most is named", () => {
    const run: RunResult = {
      ...canonicalRun(),
      checks: [
        { name: "has a price", passes: 5900, fails: 100 },
        { name: "is the shop", passes: 3000, fails: 3000 },
        { name: "is JSON", passes: 5000, fails: 1000 },
      ],
    };
    const [reason, ...more] = reasonsOf(run);
    expect([reason?.excusesFailure, more]).toEqual([false, []]);
    expect(reason && inWords(reason)).toBe(
      '50.0% of the answers fail the check "is the shop" although they count as correct, and no gate criterion looks at checks. Look at what the target answers; add a criterion on checks to judge it.',
    );
    expect(reasonsOf(run, [judged()], [...CRITERIA, checks])).toEqual([]);
    expect(reasonsOf(run, [judged()], [...CRITERIA, { ...checks, severity: "warn" }])).toHaveLength(1);
  });
});
