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
      note: expect.stringMatching(/holds the limit/),
    });
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
  it.each<[string, ReturnType<typeof client>]>([
    ["an endpoint without samples", client({ tags: { name: "ghost" } })],
    ["a metric nobody recorded", client({ metric: "my_metric", stat: { kind: "avg" } })],
    ["a statistic the metric does not have", client({ metric: "http_req_failed" })],
    ["a percentile that was not kept", client({ stat: { kind: "quantile", q: 0.973 } })],
    [
      "more requests/s than the load offered",
      client({ metric: "http_reqs", stat: { kind: "rate" }, bound: { operator: ">=", value: 500 } }),
    ],
  ])("%s: inconclusive", (_, criterion) => {
    const verdict = verdictOf(canonicalRun(), thresholds([criterion, ERRORS]));
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.criteria[0]).toMatchObject({ observed: null, status: "no-data" });
    expect(verdict.criteria[0]?.note).toBeTruthy();
  });

  it("a row of zero samples is no data, even where its values would pass", () => {
    const run = canonicalRun({}, replaced(trend({}, 0, 0)));
    expect(verdictOf(run).criteria[0]).toMatchObject({ observed: null, status: "no-data" });
  });

  it("71 samples are too few for a p95, 72 are enough", () => {
    expect(codes(canonicalRun({}, replaced(trend({}, 71, 40))))).toEqual(["no-data"]);
    expect(codes(canonicalRun({}, replaced(trend({}, 72, 40))))).toEqual([]);
  });

  it("no gate criterion at all proves nothing", () => {
    expect(codes(canonicalRun(), thresholds([]))).toEqual(["nothing-judged"]);
  });

  it("criteria of a phase the load lacks are left out, said, and never the only ones", () => {
    const verdict = verdictOf(canonicalRun(), thresholds([client({ id: "in-spike", phase: "spike" })]));
    expect(verdict.notices.join()).toMatch(/in-spike is left out/);
    expect(verdict.status).toBe("inconclusive");
  });
});

describe("validity", () => {
  it.each<[string, Partial<Evidence>, string]>([
    ["an interrupt", { interrupted: true }, "interrupted"],
    ["a missing summary", { summaryComplete: false }, "summary-missing"],
    [
      "an unexplained exit",
      { exit: { code: 109, signal: null, meaning: "k6 panicked", complete: false, markedFailed: false } },
      "engine-exit",
    ],
    [
      "a script that marks itself failed",
      { exit: { code: 110, signal: null, meaning: "", complete: true, markedFailed: true } },
      "script-marked-failed",
    ],
    ["one dropped iteration", { droppedIterations: 1 }, "iterations-dropped"],
    [
      "dropped iterations with every user busy",
      { droppedIterations: 50, usersSeen: 100, iterations: 2990 },
      "users-exhausted",
    ],
    ["98.9% of the load delivered", { iterations: 2967 }, "load-not-delivered"],
    ["no iteration", { iterations: 0, plannedIterations: null }, "no-iterations"],
    [
      "a saturated generator",
      { generatorCpu: { cores: 4, samples: [0.95, 0.97, 0.4, 0.96] } },
      "generator-saturated",
    ],
    ["an exception in an iteration", { exceptions: 1 }, "exceptions"],
    ["1.1% answers of a rate limiter", { rateLimited: 66 }, "rate-limited"],
  ])("%s makes the run inconclusive and says what to do", (_, evidence, code) => {
    const verdict = verdictOf(canonicalRun(evidence));
    expect(verdict.status).toBe("inconclusive");
    const reason = verdict.reasons.find((one) => one.code === code);
    expect(reason?.remedy.length).toBeGreaterThan(10);
  });

  it.each<[string, Partial<Evidence>]>([
    ["99% of the load delivered", { iterations: 2970 }],
    ["1% answers of a rate limiter", { rateLimited: 60 }],
    ["a busy second", { generatorCpu: { cores: 4, samples: [0.95, ...new Array(19).fill(0.3)] } }],
  ])("%s is valid", (_, evidence) => expect(codes(canonicalRun(evidence))).toEqual([]));

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
    expect(verdict.notices.join()).toMatch(/1 server-side criteria.*--prometheus \(cpu\)/);
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

  it.each([
    ["a query that answered nothing", {}],
    ["a query that failed", { error: "timeout" }],
    [
      "an answer that is partial, though what it holds is fine",
      { values: [{ labels: {}, value: 0.1 }], warnings: ["the answer is partial"] },
    ],
    ["another query than the criterion's", { query: "max(other)", values: [{ labels: {}, value: 0.1 }] }],
  ])("%s is no data", (_, observation) => {
    const verdict = verdictOf(withServer(observation), criteria);
    expect([verdict.status, verdict.criteria[2]?.status]).toEqual(["inconclusive", "no-data"]);
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
      /k6 failed p95, Headroom says pass/,
    );
    expect(verdictOf(said("p95", "http_req_duration", "p(95)<=500", true)).notices).toEqual([]);
  });

  it("of a script's own thresholds becomes a criterion that needs samples like any other", () => {
    const passed = verdictOf(said(null, "http_req_duration", "p(95)<500", true));
    expect(passed.criteria.at(-1)).toMatchObject({ id: "http_req_duration p(95)<500", status: "pass" });
    const ghost = verdictOf(said(null, "http_req_duration{name:ghost}", "p(95)<500", true));
    expect([ghost.status, ghost.criteria.at(-1)?.status]).toEqual(["inconclusive", "no-data"]);
  });
});
