import { describe, expect, it } from "vitest";
import type { ClientCriterion } from "../../src/model/criterion.ts";
import type { RunResult } from "../../src/model/run.ts";
import { canonicalRun, client, ERRORS, failed, METRICS, server, thresholds, trend } from "../canonical.ts";
import { codes, replaced, TOO_SLOW, verdictOf } from "./verdict-of.ts";

describe("judge", () => {
  it("passes a valid run whose criteria hold, with intervals around what was observed", () => {
    const verdict = verdictOf(canonicalRun());
    expect(verdict.status).toBe("pass");
    const [p95, errors] = verdict.criteria;
    expect(p95?.observed).toBeCloseTo(-Math.log(0.05) * 40, 1);
    expect(p95?.interval?.low).toBeLessThan(p95?.observed as number);
    expect(p95?.interval?.high).toBeGreaterThan(p95?.observed as number);
    expect(errors).toMatchObject({ observed: 0, samples: 6000, status: "pass" });
    expect(errors?.interval?.high).toBeCloseTo(1 - 0.025 ** (1 / 6000), 9);
    expect(verdict).toMatchObject({ schema: "headroom/verdict@1", system: "shop", scenario: "average" });
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
    const inSpike = client({ id: "in-spike", phase: "spike" });
    expect(verdictOf(scripted, thresholds([client(), ERRORS, inSpike])).notices).toEqual([]);
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
    const none = { observed: null, samples: 0, status: "no-data", note: "no samples" };
    expect(verdictOf(run).criteria[0]).toMatchObject(none);
    const row = failed({}, 0, 0);
    expect(verdictOf(canonicalRun({}, replaced(row))).criteria[1]).toMatchObject(none);
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

describe("shares of few requests", () => {
  const run = (samples: number, ratio: number) => canonicalRun({}, replaced(failed({}, samples, ratio)));
  const limited = (bound: Partial<ClientCriterion["bound"]>) =>
    thresholds([{ ...ERRORS, bound: { ...ERRORS.bound, ...bound } }]);
  const statusOf = (result: RunResult, criteria = limited({})) =>
    verdictOf(result, criteria).criteria[0]?.status;

  it.each([
    [367, 0, "no-data"],
    [368, 0, "pass"],
    [15, 0, "no-data"],
    // One of fifteen: [0.2%, 32%] holds 1%; five of fifteen: [12%, 62%] does not.
    [15, 1 / 15, "no-data"],
    [15, 5 / 15, "fail"],
    [368, 10 / 368, "fail"],
  ])("of %d, %d failed, at most 1%%: %s", (samples, ratio, status) => {
    expect(statusOf(run(samples, ratio))).toBe(status);
  });

  it("say how many are needed", () => {
    expect(verdictOf(run(15, 0)).reasons[0]?.message).toBe(
      "error-ratio has no data: 15 samples are too few to show at most 1%: at least 368 are needed",
    );
  });

  it("of checks that must hold are the same mirrored", () => {
    const checks = (samples: number): RunResult => {
      const base = canonicalRun();
      return {
        ...base,
        metrics: [...base.metrics, { metric: "checks", tags: {}, type: "rate", samples, ratio: 1 }],
      };
    };
    const criteria = thresholds([
      ERRORS,
      client({
        id: "checks",
        metric: "checks",
        stat: { kind: "rate" },
        bound: { operator: ">", value: 0.9 },
      }),
    ]);
    expect(verdictOf(checks(35), criteria).criteria[1]?.note).toBe(
      "35 samples are too few to show all but 10%: at least 36 are needed",
    );
    expect(verdictOf(checks(36), criteria).status).toBe("pass");
  });

  it("a limit of none speaks of enough requests", () => {
    expect(statusOf(run(100, 0), limited({ value: 0 }))).toBe("no-data");
    expect(statusOf(run(400, 0), limited({ value: 0 }))).toBe("pass");
    expect(statusOf(run(400, 1 / 400), limited({ value: 0 }))).toBe("fail");
  });

  it("strictly, what the interval does not decide is not decided", () => {
    const strict = (result: RunResult): RunResult => ({
      ...result,
      asked: { ...result.asked, strict: true },
    });
    const near = run(1000, 0.008);
    expect(verdictOf(near).status).toBe("pass");
    expect(verdictOf(strict(near))).toMatchObject({
      status: "inconclusive",
      reasons: [{ code: "undecided" }],
    });
    const broken = run(1000, 0.012);
    expect(verdictOf(broken).status).toBe("fail");
    expect(verdictOf(strict(broken)).status).toBe("inconclusive");
    expect(verdictOf(strict(run(1000, 0.05))).status).toBe("fail");
    expect(verdictOf(strict(run(1000, 0))).status).toBe("pass");
    const both = thresholds([ERRORS, TOO_SLOW]);
    expect(verdictOf(strict(near), both).status).toBe("fail");
  });
});

describe("counts of requests by status", () => {
  const none500 = thresholds([
    ERRORS,
    client({
      id: "no-500",
      metric: "http_reqs",
      tags: { status: "500" },
      stat: { kind: "count" },
      bound: { operator: "<", value: 1 },
    }),
  ]);
  it("none of them is an observation where there were requests", () => {
    expect(verdictOf(canonicalRun(), none500).status).toBe("pass");
    const run = { ...canonicalRun(), statusCounts: [{ status: 500, count: 2 }] };
    expect(verdictOf(run, none500).criteria[1]).toMatchObject({ observed: 2, status: "fail" });
  });
});

describe("an endpoint that fails beyond a limit that all requests hold", () => {
  it("is named", () => {
    const base = canonicalRun(
      {},
      [
        ...METRICS.filter(({ metric, tags }) => metric !== "http_req_failed" || tags.name === undefined),
        failed({ name: "search" }, 3000, 0),
        failed({ name: "buy" }, 500, 0.06),
      ].map((row) =>
        row.metric === "http_req_failed" && row.tags.name === undefined ? { ...row, ratio: 0.005 } : row,
      ),
    );
    const expected = ["search", "buy"].map((endpoint) => ({
      endpoint,
      perIteration: 1,
      setup: 0,
      expectsOnlyErrors: false,
      needs: [],
      requests: null,
      phases: [],
    }));
    expect(verdictOf({ ...base, asked: { ...base.asked, expected } }).notices).toContain(
      "6% of the requests of buy failed: error-ratio holds only because others fail less",
    );
  });
});

describe("a script that declares errors correct", () => {
  it("shows nothing where they are most of the answers", () => {
    const run = (count: number) => ({ ...canonicalRun(), statusCounts: [{ status: 500, count }] });
    expect(codes(run(3001))).toEqual(["answers-without-information"]);
    expect(codes(run(3000))).toEqual([]);
  });
});
