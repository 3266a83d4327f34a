import { describe, expect, it } from "vitest";
import type { findValidityReasons } from "../../src/gate/validity.ts";
import type { ClientCriterion, Criterion } from "../../src/model/criterion.ts";
import type { MetricRow } from "../../src/model/metric-row.ts";
import type { RunResult } from "../../src/model/run.ts";
import { canonicalRun, client, ERRORS, failed, METRICS } from "../canonical.ts";
import { CRITERIA, codesOf, inWords, judged, reasonsOf } from "./reasons-of.ts";

const CHECKS = client({
  id: "checks",
  metric: "checks",
  stat: { kind: "rate" },
  bound: { operator: ">=", value: 0.99 },
});
const checksRow = (samples: number, ratio: number, tags = {}): MetricRow => ({
  metric: "checks",
  tags,
  type: "rate",
  samples,
  ratio,
});
const codesFor = (run: RunResult, criteria: readonly Criterion[]) =>
  reasonsOf(run, [judged()], [...criteria]).map(({ code }) => code);

describe("failures of a script's own requests", () => {
  const failing = (ratio: number): RunResult => ({
    ...canonicalRun({}, [
      ...METRICS.filter(({ metric }) => metric !== "http_req_failed"),
      failed({}, 6000, ratio),
      checksRow(6000, 1 - ratio),
    ]),
    checks: [{ name: "status is 200", passes: 6000 * (1 - ratio), fails: 6000 * ratio }],
  });

  it("say how many", () => {
    const [reason] = reasonsOf(failing(0.4), [judged()], [client()]);
    expect(reason).toMatchObject({ code: "failures-unjudged", excusesFailure: false });
    expect(reason && inWords(reason)).toBe(
      "40% of the requests failed, and no gate criterion could have been broken by it. Add a gate criterion on http_req_failed: the latency of failed answers is no evidence.",
    );
  });

  it.each<[string, number, Parameters<typeof findValidityReasons>[1], string[]]>([
    ["a percent of them is nothing", 0.01, [client()], []],
    ["more is something", 0.0101, [client()], ["failures-unjudged"]],
    ["a criterion on failures judges them", 0.4, [client(), ERRORS], []],
    ["one on checks judges them, where as many checks failed", 0.4, [client(), CHECKS], []],
    ["one that only warns does not", 0.4, [client(), { ...ERRORS, severity: "warn" }], ["failures-unjudged"]],
    [
      "one on some of the requests does not",
      0.4,
      [client(), { ...ERRORS, tags: { method: "GET" } }],
      ["failures-unjudged"],
    ],
  ])("%s", (_, ratio, criteria, codes) => {
    expect(codesFor(failing(ratio), criteria)).toEqual(codes);
  });

  it("checks that all held do not judge requests that failed", () => {
    const run = { ...failing(0.4), checks: [{ name: "is fast", passes: 6000, fails: 0 }] };
    expect(codesFor(run, [client(), CHECKS])).toEqual(["failures-unjudged"]);
  });

  it("a run without requests has none", () => {
    const rows: MetricRow[] = [{ metric: "http_reqs", tags: {}, type: "counter", samples: 0, count: 0 }];
    expect(codesOf(canonicalRun({ rateLimited: 5 }, rows))).toEqual([]);
  });

  it("are told apart by the names that k6's record has of them", () => {
    const line = (metric: string, endpoint: string, values: number[]) => ({
      metric,
      endpoint,
      unit: "",
      values,
    });
    const run: RunResult = {
      ...failing(0.05),
      metrics: [
        ...METRICS.filter(({ metric }) => metric !== "http_req_failed"),
        failed({}, 200, 0.05),
        checksRow(200, 0.95),
      ],
      checks: [],
      timeline: {
        periodMs: 1000,
        series: [
          line("requests", "GET /", [95, 95]),
          line("failed", "GET /", [0, 0]),
          line("requests", "POST /pay", [5, 5]),
          line("failed", "POST /pay", [1, 1]),
        ],
      },
    };
    const [reason] = reasonsOf(run, [judged()], [{ ...ERRORS, tags: { name: "GET /" } }]);
    expect(reason?.message).toBe(
      "100% of the requests of POST /pay failed, and no gate criterion could have been broken by it",
    );
  });

  it("checks: the one that fails most is named", () => {
    const run: RunResult = {
      ...canonicalRun({}, [...METRICS, checksRow(18_000, 0.77)]),
      checks: [
        { name: "has a price", passes: 5900, fails: 100 },
        { name: "is the shop", passes: 3000, fails: 3000 },
        { name: "is JSON", passes: 5000, fails: 1000 },
      ],
    };
    const [reason, ...more] = reasonsOf(run);
    expect([reason?.excusesFailure, more]).toEqual([false, []]);
    expect(reason && inWords(reason)).toBe(
      '50% of the answers fail the check "is the shop" although they count as correct, and no gate criterion could have been broken by it. Look at what the target answers; add a gate criterion on checks to judge it.',
    );
    expect(reasonsOf(run, [judged()], [...CRITERIA, CHECKS])).toEqual([]);
    expect(reasonsOf(run, [judged()], [...CRITERIA, { ...CHECKS, severity: "warn" }])).toHaveLength(1);
  });

  it("a check that never held does not hide behind other requests' failures", () => {
    const run: RunResult = {
      ...canonicalRun({}, [
        ...METRICS.filter(({ metric }) => metric !== "http_req_failed"),
        failed({}, 6000, 0.005),
      ]),
      checks: [{ name: "is healthy", passes: 0, fails: 13 }],
    };
    expect(codesFor(run, CRITERIA)).toEqual(["checks-unjudged"]);
  });
});

describe("failures of a journey's endpoints", () => {
  /** `health` makes a tenth of the requests, `buy` nine. */
  const run = (
    failures: { health?: number; buy?: number; buyInWarmUp?: number },
    checks: RunResult["checks"] = [],
  ): RunResult => {
    const base = canonicalRun({}, [
      failed({}, 1000, (100 * (failures.health ?? 0) + 900 * (failures.buy ?? 0)) / 1000),
      failed({ name: "health" }, 100, failures.health ?? 0),
      failed({ name: "buy" }, 900, failures.buy ?? 0),
      failed({ name: "buy", phase: "warm-up" }, 100, failures.buyInWarmUp ?? failures.buy ?? 0),
      failed(
        { name: "buy", phase: "steady" },
        800,
        failures.buyInWarmUp === undefined ? (failures.buy ?? 0) : 0,
      ),
      failed({ phase: "steady" }, 890, failures.buyInWarmUp === undefined ? (failures.buy ?? 0) : 0),
      checksRow(2000, 0.99),
      { metric: "http_reqs", tags: {}, type: "counter", samples: 1000, count: 1000 },
    ]);
    const expected = ["health", "buy"].map((endpoint) => ({
      endpoint,
      perIteration: endpoint === "buy" ? 0.3 : 1 / 30,
      setup: 0,
      expectsOnlyErrors: false,
      needs: [],
      requests: null,
      phases: [],
    }));
    return { ...base, asked: { ...base.asked, expected }, checks };
  };
  const onErrors = (limit: number, overrides: Partial<ClientCriterion> = {}) =>
    client({ ...ERRORS, bound: { operator: "<=", value: limit }, ...overrides });

  it.each<[string, RunResult, Criterion[], string[]]>([
    [
      "a criterion on one endpoint is none on another",
      run({ buy: 0.95 }),
      [onErrors(0.01, { tags: { name: "health" } })],
      ["failures-unjudged"],
    ],
    ["one on the endpoint judges it", run({ buy: 0.95 }), [onErrors(0.5, { tags: { name: "buy" } })], []],
    ["one on all requests judges it", run({ buy: 0.95 }), [onErrors(0.01)], []],
    [
      "a tenth of the requests cannot break a limit of a tenth",
      run({ health: 1 }),
      [onErrors(0.1)],
      ["failures-unjudged"],
    ],
    ["they can break a smaller one", run({ health: 1 }), [onErrors(0.09)], []],
    [
      "and one that says below",
      run({ health: 1 }),
      [onErrors(0.1, { bound: { operator: "<", value: 0.1 } })],
      [],
    ],
    [
      "a floor under failures is broken by no failure",
      run({ buy: 0.5 }),
      [onErrors(0, { bound: { operator: ">=", value: 0 } })],
      ["failures-unjudged"],
    ],
    [
      "the steady phase is not the warm-up",
      run({ buy: 0.11, buyInWarmUp: 1 }),
      [onErrors(0.01, { phase: "steady" })],
      ["failures-unjudged"],
    ],
    ["a criterion on checks judges statuses", run({ buy: 0.3 }), [CHECKS], []],
    [
      "and by every check that fails with the status",
      run({ health: 0.5 }, [
        { name: "health: status is 200", passes: 50, fails: 50 },
        { name: "health: is up", passes: 50, fails: 50 },
      ]),
      [{ ...CHECKS, bound: { operator: ">=", value: 0.92 } }],
      [],
    ],
    [
      "one on a single check does not",
      run({ buy: 0.3 }),
      [{ ...CHECKS, tags: { check: "health: status is 200" } }],
      ["failures-unjudged"],
    ],
  ])("%s", (_, result, criteria, codes) => {
    expect(codesFor(result, criteria)).toEqual(codes);
  });

  it("are named with their phase", () => {
    const [reason] = reasonsOf(
      run({ buy: 0.11, buyInWarmUp: 1 }),
      [judged()],
      [onErrors(0.01, { phase: "steady" })],
    );
    expect(reason && inWords(reason)).toBe(
      "11.1% of the requests of buy in warm-up failed, and no gate criterion could have been broken by it. Add a gate criterion on http_req_failed of buy: the latency of failed answers is no evidence.",
    );
  });

  it("excuse their own checks and no others", () => {
    const wrong = { name: "health: is healthy", passes: 0, fails: 100 };
    const followed = { name: "buy: names the order", passes: 450, fails: 450 };
    expect(codesFor(run({ buy: 0.5 }, [followed]), [onErrors(0.6)])).toEqual([]);
    expect(codesFor(run({ buy: 0.5 }, [followed, wrong]), [onErrors(0.6)])).toEqual(["checks-unjudged"]);
    expect(codesFor(run({}, [wrong]), [onErrors(0.1), CHECKS])).toEqual([]);
    // 100 of 2,000 checks cannot break a limit of nine in ten.
    expect(
      codesFor(run({}, [wrong]), [onErrors(0.1), { ...CHECKS, bound: { operator: ">", value: 0.9 } }]),
    ).toEqual(["checks-unjudged"]);
  });

  it("of a login are no wrong answers that count as correct", () => {
    const base = run({}, [{ name: "login: status is 200", passes: 0, fails: 1 }]);
    const metrics = [...base.metrics, failed({ name: "login" }, 1, 1)];
    expect(codesFor({ ...base, metrics }, [onErrors(0.01)])).toEqual([]);
  });
});
