import { describe, expect, it } from "vitest";
import { judge } from "../../src/gate/judge.ts";
import type { Evidence, MetricRow, RunResult } from "../../src/model/run.ts";
import { canonicalRun, client, ERRORS, failed, METRICS, server, thresholds, trend } from "../canonical.ts";

const SLA = thresholds([client(), ERRORS]);
const TOO_SLOW = client({ bound: { operator: "<=", value: 50 } });
const verdictOf = (run: RunResult, criteria = SLA) => judge(run, criteria, "run.json");
const codes = (run: RunResult, criteria = SLA) => verdictOf(run, criteria).reasons.map(({ code }) => code);
const replaced = (row: MetricRow) =>
  METRICS.map((old) =>
    old.metric === row.metric && JSON.stringify(old.tags) === JSON.stringify(row.tags) ? row : old,
  );

describe("judge", () => {
  it("passes a valid run whose criteria hold, with intervals around what was observed", () => {
    const verdict = verdictOf(canonicalRun());
    expect(verdict.status).toBe("pass");
    const [p95, errors] = verdict.criteria;
    expect(p95?.observed).toBeCloseTo(-Math.log(0.05) * 40, 1);
    expect(p95?.interval?.low).toBeLessThan(p95?.observed as number);
    expect(p95?.interval?.high).toBeGreaterThan(p95?.observed as number);
    expect(errors).toMatchObject({ observed: 0, samples: 6000, status: "pass" });
  });

  it("fails when a gate criterion is broken and warns when a warn criterion is", () => {
    expect(verdictOf(canonicalRun(), thresholds([TOO_SLOW, ERRORS])).status).toBe("fail");
    const warned = verdictOf(canonicalRun(), thresholds([{ ...TOO_SLOW, severity: "warn" }, ERRORS]));
    expect([warned.status, warned.criteria[0]?.status]).toEqual(["pass", "warn"]);
  });

  it.each([
    ["<=", true],
    ["<", false],
    [">=", true],
    [">", false],
  ] as const)("a value at the limit itself: %s holds is %s", (operator, expected) => {
    const run = canonicalRun({}, replaced(failed({}, 6000, 0.01)));
    const criterion = { ...ERRORS, bound: { operator, value: 0.01 } };
    expect(verdictOf(run, thresholds([criterion])).criteria[0]?.status === "pass").toBe(expected);
  });

  it("says when the interval holds the limit", () => {
    const observed = -Math.log(0.05) * 40;
    const verdict = verdictOf(
      canonicalRun(),
      thresholds([client({ bound: { operator: "<=", value: observed + 0.5 } }), ERRORS]),
    );
    expect(verdict.criteria[0]).toMatchObject({
      status: "pass",
      note: expect.stringMatching(
        /^the interval 11\d ms to 12\d ms holds the limit: repeat or lengthen the run to be sure$/,
      ),
    });
    // Far from the limit there is nothing to say.
    expect(verdictOf(canonicalRun()).criteria.map(({ note }) => note)).toEqual([null, null]);
  });

  it("says what was judged, where and against what", () => {
    const criterion = client({ tags: { name: "search" }, phase: "steady" });
    const [line] = verdictOf(canonicalRun(), thresholds([criterion], [])).criteria;
    expect(line).toMatchObject({
      id: "p95",
      kind: "client",
      metric: "http_req_duration",
      where: "search · steady",
      stat: "p95",
      unit: "ms",
      operator: "<=",
      limit: 500,
      severity: "gate",
      samples: 2500,
      why: "people leave a shop that keeps them waiting",
    });
  });

  it.each([
    ["min", 0],
    ["max", -Math.log(1e-5) * 40],
    ["avg", 40],
  ] as const)("the %s of durations needs no interval", (kind, expected) => {
    const criterion = client({ stat: { kind } });
    const [line] = verdictOf(canonicalRun(), thresholds([criterion, ERRORS])).criteria;
    expect(line).toMatchObject({ interval: null, status: "pass", note: null });
    expect(line?.observed).toBeCloseTo(expected, 0);
  });

  it("a script of its own has no load that a phase could be missing from", () => {
    const run = canonicalRun();
    const scripted = { ...run, asked: { ...run.asked, load: null, scenario: "script" } };
    expect(verdictOf(scripted, thresholds([client(), ERRORS])).notices).toEqual([]);
  });

  it("a criterion for other scenarios is left out", () => {
    const other = client({ id: "soak-only", shapes: ["soak"], bound: { operator: "<=", value: 1 } });
    const elsewhere = server({ id: "soak-cpu", shapes: ["soak"] });
    const verdict = verdictOf(canonicalRun(), thresholds([client(), ERRORS, other], [elsewhere]));
    expect([verdict.status, verdict.criteria.map(({ id }) => id)]).toEqual(["pass", ["p95", "error-ratio"]]);
    expect(verdict.notices).toEqual([]);
  });

  it("judges the rate of a counter over its phase, not over the run", () => {
    const throughput = client({
      id: "throughput",
      metric: "http_reqs",
      phase: "steady",
      stat: { kind: "rate" },
      bound: { operator: ">=", value: 99 },
    });
    expect(verdictOf(canonicalRun(), thresholds([throughput, ERRORS])).criteria[0]).toMatchObject({
      observed: 100,
      status: "pass",
    });
  });
});

describe("a run cut short", () => {
  it("counts the rate of a phase over the time it had, not the time it was planned", () => {
    const throughput = client({
      id: "throughput",
      metric: "http_reqs",
      phase: "steady",
      stat: { kind: "rate" },
      bound: { operator: ">=", value: 99 },
    });
    // 10 s of warm-up and 25 of the 50 s of the steady phase.
    const metrics = METRICS.map((row) =>
      row.metric === "http_reqs" && row.tags.phase ? { ...row, samples: 2500, count: 2500 } : row,
    );
    const run = canonicalRun({ durationMs: 35_000, abortedByCriterion: true }, metrics);
    expect(verdictOf(run, thresholds([throughput, ERRORS])).criteria[0]?.observed).toBe(100);
  });
});

describe("no evidence is no pass", () => {
  const KEPT = "kept are whole percents from 50, quarters from 90, tenths from 99, p99.95 and p99.99";
  const perSecond = client({
    metric: "http_reqs",
    stat: { kind: "rate" },
    bound: { operator: ">=", value: 500 },
  });
  it.each<[string, ReturnType<typeof client>, string]>([
    [
      "an endpoint without samples",
      client({ tags: { name: "ghost" } }),
      "the run did not record http_req_duration for ghost",
    ],
    [
      "a metric nobody recorded",
      client({ metric: "my_metric", stat: { kind: "avg" } }),
      "the run did not record my_metric for all",
    ],
    [
      "a statistic the metric does not have",
      client({ metric: "http_req_failed" }),
      "http_req_failed is a rate and has no p95",
    ],
    [
      "a statistic that is none of durations",
      client({ stat: { kind: "rate" } }),
      "http_req_duration is a trend and has no rate",
    ],
    [
      "a percentile that was not kept",
      client({ stat: { kind: "quantile", q: 0.973 } }),
      `the run kept no p97.3; ${KEPT}`,
    ],
    [
      "more requests/s than the load offered",
      perSecond,
      "the load offered at most 100/s: it cannot show this rate",
    ],
    [
      "more than so many requests/s",
      { ...perSecond, bound: { operator: ">", value: 100.5 } },
      "the load offered at most 100/s: it cannot show this rate",
    ],
  ])("%s: inconclusive, with why", (_, criterion, note) => {
    const verdict = verdictOf(canonicalRun(), thresholds([criterion, ERRORS]));
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.criteria[0]).toMatchObject({ observed: null, status: "no-data", note });
  });

  it("a load that offers just the rate can show it, and so can one without a rate of its own", () => {
    const just = { ...perSecond, bound: { operator: ">=", value: 100 } } as typeof perSecond;
    expect(verdictOf(canonicalRun(), thresholds([just, ERRORS])).criteria[0]?.status).toBe("pass");
    const below = { ...perSecond, bound: { operator: "<=", value: 500 } } as typeof perSecond;
    expect(verdictOf(canonicalRun(), thresholds([below, ERRORS])).criteria[0]?.status).toBe("pass");
    const run = canonicalRun();
    const closed = { ...run, asked: { ...run.asked, load: { ...run.asked.load, model: "closed" } } };
    const verdict = verdictOf(closed as RunResult, thresholds([perSecond, ERRORS]));
    expect(verdict.criteria[0]).toMatchObject({ observed: 100, status: "fail" });
  });

  it("a run of no length has no rate", () => {
    const verdict = verdictOf(canonicalRun({ durationMs: 0 }), thresholds([perSecond, ERRORS]));
    expect(verdict.criteria[0]).toMatchObject({ status: "no-data", note: "the run has no length" });
  });

  it("a row of zero samples is no data, even where its values would pass", () => {
    const run = canonicalRun({}, replaced(trend({}, 0, 0)));
    expect(verdictOf(run).criteria[0]).toMatchObject({ observed: null, status: "no-data" });
  });

  it("71 samples are too few for a p95, 72 are enough", () => {
    expect(verdictOf(canonicalRun({}, replaced(trend({}, 71, 40)))).reasons).toMatchObject([
      { message: "p95 has no data: 71 samples are too few for p95: at least 72 are needed" },
    ]);
    expect(codes(canonicalRun({}, replaced(trend({}, 72, 40))))).toEqual([]);
  });

  it("no gate criterion at all proves nothing", () => {
    expect(codes(canonicalRun(), thresholds([]))).toEqual(["nothing-judged"]);
  });

  it("criteria of a phase the load lacks are left out, said, and never the only ones", () => {
    const verdict = verdictOf(canonicalRun(), thresholds([client({ id: "in-spike", phase: "spike" })]));
    expect(verdict.notices).toEqual(["in-spike is left out: the average load has no spike phase"]);
    expect(verdict.status).toBe("inconclusive");
  });
});

describe("validity", () => {
  it("failures that no gate criterion looks at are no evidence of latency", () => {
    const run = canonicalRun({}, replaced(failed({}, 6000, 0.4)));
    expect(codes(run, thresholds([client()]))).toEqual(["failures-unjudged"]);
    expect(verdictOf(run).status).toBe("fail");
  });

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

describe("server-side criteria", () => {
  const withServer = (observation: Partial<NonNullable<RunResult["server"]>[number]>): RunResult => ({
    ...canonicalRun(),
    server: [
      { id: "cpu", query: "max(cpu)", samples: 10, values: [], warnings: [], error: null, ...observation },
    ],
  });
  const criteria = thresholds([client(), ERRORS], [server()]);

  it("are left out with a notice when no Prometheus was named", () => {
    const verdict = verdictOf(canonicalRun(), criteria);
    expect(verdict.status).toBe("pass");
    expect(verdict.criteria.map(({ id }) => id)).toEqual(["p95", "error-ratio"]);
    expect(verdict.notices.join()).toMatch(
      /^1 server-side criteria were not looked at: name a Prometheus with --prometheus \(cpu\)$/,
    );
  });

  it("take the worst series", () => {
    const run = withServer({
      values: [
        { labels: { pod: "a" }, value: 0.4 },
        { labels: { pod: "b" }, value: 0.9 },
      ],
    });
    expect(verdictOf(run, criteria).criteria[2]).toMatchObject({ observed: 0.9, status: "fail" });
  });

  it.each([">=", ">"] as const)("take the lowest where the limit is a floor (%s)", (operator) => {
    const values = [0.9, 0.4, 0.8].map((value) => ({ labels: {}, value }));
    const floor = thresholds([client(), ERRORS], [server({ bound: { operator, value: 0.5 } })]);
    expect(verdictOf(withServer({ values }), floor).criteria[2]).toMatchObject({
      kind: "server",
      metric: "max(cpu)",
      observed: 0.4,
      status: "fail",
    });
    // What is missing from a partial answer may be lower still.
    const partial = withServer({ values: values.slice(1), warnings: ["a store is away"] });
    expect(verdictOf(partial, floor).criteria[2]?.status).toBe("no-data");
  });

  it.each([
    ["a query that answered nothing", {}, "the query returned nothing over the run"],
    ["a query that failed", { error: "timeout" }, "timeout"],
    [
      "an answer that is partial, though what it holds is fine",
      { values: [{ labels: {}, value: 0.1 }], warnings: ["the answer is partial"] },
      "the store did not see everything: the answer is partial",
    ],
    [
      "another query than the criterion's",
      { query: "max(other)", values: [{ labels: {}, value: 0.1 }] },
      "the run did not ask Prometheus this query",
    ],
    [
      "the answer to another criterion",
      { id: "memory", values: [{ labels: {}, value: 0.1 }] },
      "the run did not ask Prometheus this query",
    ],
  ])("%s is no data", (_, observation, note) => {
    const verdict = verdictOf(withServer(observation), criteria);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.criteria[2]).toMatchObject({ status: "no-data", note });
  });

  it("a partial answer still shows what is broken", () => {
    const warnings = ["fetch series for store-2: unavailable"];
    const run = withServer({ values: [{ labels: {}, value: 0.95 }], warnings });
    expect(verdictOf(run, criteria).criteria[2]).toMatchObject({ status: "fail", note: warnings[0] });
  });
});

describe("counters", () => {
  const counter = (metric: string, count: number): MetricRow => ({
    metric,
    tags: {},
    type: "counter",
    samples: count,
    count,
  });
  it.each([
    ["dropped_iterations", 0, "pass"],
    ["dropped_iterations", 1, "fail"],
    ["checkout_failures", 0, "pass"],
    ["http_reqs", 0, "no-data"],
    ["iterations", 0, "no-data"],
  ] as const)("none of %s counted: %i is %s", (metric, count, status) => {
    const none = client({
      metric,
      tags: {},
      phase: null,
      stat: { kind: "count" },
      bound: { operator: "<=", value: 0 },
    });
    const run = canonicalRun({}, [...METRICS.filter((row) => row.metric !== metric), counter(metric, count)]);
    expect(verdictOf(run, thresholds([none, ERRORS])).criteria[0]?.status).toBe(status);
  });
});

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
    const slow = judge(
      said("p95", "http_req_duration", "p(95)<=50", true),
      thresholds([TOO_SLOW, ERRORS]),
      "",
    );
    expect(slow.notices).toEqual(["k6 passed p95, Headroom says fail"]);
    expect(verdictOf(said("p95", "http_req_duration", "p(95)<=500", true)).notices).toEqual([]);
  });

  it("of a script's own thresholds becomes a criterion that needs samples like any other", () => {
    const passed = verdictOf(said(null, "http_req_duration", "p(95)<500", true));
    expect(passed.criteria.at(-1)).toMatchObject({ id: "http_req_duration p(95)<500", status: "pass" });
    const ghost = verdictOf(said(null, "http_req_duration{name:ghost}", "p(95)<500", true));
    expect([ghost.status, ghost.criteria.at(-1)?.status]).toEqual(["inconclusive", "no-data"]);
  });

  it.each([
    ["p(95)<500", "p95", "<", 500],
    [" p( 99.9 ) <= 1", null, "", 0],
    ["p(99.9)<=1e3", null, "", 0],
    ["avg >= 10", "avg", ">=", 10],
    ["  max<2.5  ", "max", "<", 2.5],
    ["min>-1", "min", ">", -1],
    ["med<200", "p50", "<", 200],
    ["count==3", null, "", 0],
    ["sum<3", null, "", 0],
    ["p(95)<500 || true", null, "", 0],
    ["not p(95)<500", null, "", 0],
  ] as const)(
    "of the expression %s is judged if it is understood, and told if it is not",
    (expression, stat, operator, limit) => {
      const { criteria, notices } = verdictOf(said(null, "http_req_duration", expression, false));
      if (stat === null) {
        expect(criteria).toHaveLength(2);
        expect(notices).toEqual([
          `the script's threshold http_req_duration ${expression} is not understood; k6 says it failed`,
        ]);
      } else {
        expect(criteria.at(-1)).toMatchObject({ stat, operator, limit, severity: "gate" });
        expect(notices).toEqual([]);
      }
    },
  );
});
