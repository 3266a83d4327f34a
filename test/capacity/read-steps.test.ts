import { describe, expect, it } from "vitest";
import { planLoad } from "../../scenarios/lib/load.ts";
import { ladderOf } from "../../src/capacity/ladder.ts";
import { readSteps as read, type Stopped } from "../../src/capacity/read-steps.ts";
import type { Measured } from "../../src/capacity/step.ts";
import type { ClientCriterion } from "../../src/model/criterion.ts";
import type { RunResult } from "../../src/model/run.ts";
import { canonicalRun, client, ERRORS, failed, trend } from "../canonical.ts";

// 3 s of warm-up and 12 s at 100/s, 2 s of ramp and 12 s at 200/s, and a second of tail.
const plan = planLoad(
  ladderOf([100, 200], () => 12),
  { requestsPerIteration: 1, pauseSeconds: 0 },
);
const endpoints = [{ endpoint: "a", times: 1, pausedSeconds: 0 }];
/** Answers of 50 ms whose work varies as an exponential time does. */
const usual = { rate: 10, meanMs: new Map([["a", 50]]), iterationMs: 50, variance: 1 };

const readSteps = (run: Measured, criteria: readonly ClientCriterion[], stopped: Stopped | null = null) =>
  read(run, { plan, criteria, endpoints, usual, stopped }).steps;
const collapse: Stopped = { why: "collapse", reason: "errors", text: "errors: the target collapsed" };

/** A run of the ladder: answers and median by second, over 30 seconds. */
function run(given: {
  rows: RunResult["metrics"];
  requests?: (second: number) => number;
  p50?: (second: number) => number;
  cpu?: number;
  durationMs?: number;
}): RunResult {
  const seconds = Array.from({ length: 30 }, (_, second) => second);
  const made = canonicalRun({ durationMs: given.durationMs ?? 30_000 }, given.rows);
  const requests = seconds.map(given.requests ?? ((second) => (second < 15 ? 100 : 200)));
  return {
    ...made,
    evidence: {
      ...made.evidence,
      generatorCpu: { cores: 4, samples: seconds.map(() => given.cpu ?? 0.2) },
    },
    timeline: {
      periodMs: 1000,
      series: [
        { metric: "requests", endpoint: null, unit: "per-second", values: requests },
        { metric: "requests", endpoint: "a", unit: "per-second", values: requests },
        { metric: "p50", endpoint: null, unit: "ms", values: seconds.map(given.p50 ?? (() => 40)) },
      ],
    },
  };
}

/** Whole-step and endpoint rows: so many answers of a mean of 70 ms, none failed. */
const rows = (p95Of: (step: string) => number) =>
  ["1", "2"].flatMap((step) => [
    trend({ step }, step === "1" ? 1200 : 2400, p95Of(step)),
    failed({ step }, step === "1" ? 1200 : 2400, 0),
  ]);
const sla = [client({ bound: { operator: "<=", value: 500 } }), ERRORS];
const wide = [client({ bound: { operator: "<=", value: 50_000 } }), ERRORS];

describe("readSteps", () => {
  it("judges each level by the SLA", () => {
    const steps = readSteps(run({ rows: rows(() => 50) }), sla);
    expect(steps.map(({ offered, holds, valid }) => [offered, holds, valid])).toEqual([
      [100, true, true],
      [200, true, true],
    ]);
    expect(steps[0]?.achieved).toBe(100);
    const slow = readSteps(run({ rows: rows((step) => (step === "2" ? 2000 : 50)) }), sla);
    expect(slow[1]).toMatchObject({ holds: false, brokenBy: expect.stringMatching(/^latency: p95/) });
  });

  it("tells by how much chance may have spared a step that holds", () => {
    const [first, second] = readSteps(run({ rows: rows(() => 50) }), sla);
    // 1,200 requests at 100/s: √(1200 + 2·5 + 1) of them are one deviation, of which 2.3 are subtracted.
    // Answers take 50 of the 12,000 ms, in which no queue could show.
    expect(first?.atLeast).toBeCloseTo(100 * (1 - (2.3 * Math.sqrt(1211)) / (1200 * (1 - 50 / 12_000))), 6);
    expect(second?.atLeast).toBeCloseTo(200 * (1 - (2.3 * Math.sqrt(2421)) / 2400), 0);
    expect([first?.atMost, second?.atMost]).toEqual([null, null]);
  });

  it("sees a queue that grows before the SLA is broken: answers fall behind", () => {
    // Of 2,400 requests 3 √2421 = 148 may be missing by chance; from 2 √2421 = 98 on it is not known.
    const judged = (perSecond: number) =>
      readSteps(run({ rows: rows(() => 50), requests: (s) => (s < 17 ? 100 : perSecond) }), wide)[1];
    expect(judged(187)).toMatchObject({
      ...{ holds: false, reason: "throughput", atMost: 200, sustained: 187 },
      brokenBy: "throughput: 187/s are answered, a queue grows",
    });
    expect(judged(190)).toMatchObject({ holds: null, valid: false, reason: "unsettled", atLeast: null });
    expect(judged(193)).toMatchObject({ holds: true });
  });

  it("a step whose latency climbs has not settled: it neither holds nor breaks", () => {
    const climbing = run({
      rows: rows(() => 50),
      p50: (second) => (second < 17 ? 40 : 40 + 4 * (second - 17)),
    });
    expect(readSteps(climbing, sla)[1]).toMatchObject({
      ...{ holds: null, reason: "unsettled", atLeast: null, atMost: null },
      brokenBy: expect.stringMatching(/^not settled: the median climbs/),
    });
  });

  it("does not count the requests that come after a pause as late", () => {
    // One request at once and one after four seconds: of 100/s since the start, 50/s come for the first four seconds.
    const pausing = [
      { endpoint: "a", times: 1, pausedSeconds: 0 },
      { endpoint: "b", times: 1, pausedSeconds: 4 },
    ];
    const made = run({ rows: rows(() => 50) });
    const seconds = Array.from({ length: 30 }, (_, second) => second);
    const series = (endpoint: string | null, of: (second: number) => number) => ({
      ...{ metric: "requests", endpoint, unit: "per-second", values: seconds.map(of) },
    });
    const judged = (b: (second: number) => number) =>
      read(
        {
          ...made,
          timeline: { periodMs: 1000, series: [series("a", () => 50), series("b", b)] },
        },
        {
          plan: planLoad(
            { model: "open", start: 100, stages: [{ duration: "12s", target: 100, phase: "steady" }] },
            { requestsPerIteration: 2, pauseSeconds: 4 },
          ),
          ...{ criteria: [], endpoints: pausing, stopped: null },
          usual: {
            rate: 10,
            meanMs: new Map([
              ["a", 1],
              ["b", 1],
            ]),
            iterationMs: 2,
            variance: 1,
          },
        },
      ).steps[0];
    expect(judged((second) => (second < 4 ? 0 : 50))).toMatchObject({ reason: "generator" });
    expect(judged((second) => (second < 4 ? 0 : 50))?.watched).toBeCloseTo(12 * 50 + 8 * 50, 0);
  });

  it("a mix that is not the journey's is no test of the target", () => {
    const made = run({ rows: rows(() => 50) });
    const half = made.timeline.series.map((line) =>
      line.endpoint === "a" ? { ...line, endpoint: "b", values: line.values.map(() => 20) } : line,
    );
    const series = [...made.timeline.series, ...half.filter(({ endpoint }) => endpoint === "b")];
    const mixed = [
      { endpoint: "a", times: 1, pausedSeconds: 0 },
      { endpoint: "b", times: 0.5, pausedSeconds: 0 },
    ];
    const light = {
      rate: 10,
      meanMs: new Map([
        ["a", 50],
        ["b", 1],
      ]),
      iterationMs: 50,
      variance: 1,
    };
    const { steps } = read(
      { ...made, timeline: { periodMs: 1000, series } },
      { plan, criteria: sla, endpoints: mixed, usual: light, stopped: null },
    );
    expect(steps[0]).toMatchObject({
      holds: null,
      reason: "mix",
      brokenBy: expect.stringContaining("of b 40%"),
    });
  });

  it("a step that was ended because a queue grew is judged by what it lasted", () => {
    const cut = run({
      ...{ rows: rows(() => 50), durationMs: 22_000 },
      requests: (second) => (second < 17 ? 100 : 150),
    });
    const stopped: Stopped = { why: "backlog", reason: "throughput", text: "throughput: a queue grows" };
    expect(readSteps(cut, wide, stopped)[1]).toMatchObject({ holds: false, sustained: 150, atMost: 200 });
    expect(readSteps(cut, wide)).toHaveLength(1);
  });

  it("failures of the generator's own are not the target's", () => {
    const half = [trend({ step: "2" }, 2400, 50), failed({ step: "2" }, 2400, 0.5)];
    const lacking = {
      ...run({ rows: [trend({ step: "1" }, 1200, 50), failed({ step: "1" }, 1200, 0), ...half] }),
      errors: [{ kind: "too many open files", count: 1200 }],
    };
    expect(readSteps(lacking, sla).map(({ valid, brokenBy }) => [valid, brokenBy])).toEqual([
      [true, null],
      [false, "generator: too many open files"],
    ]);
    const cut = { ...lacking, evidence: { ...lacking.evidence, durationMs: 20_000 } };
    expect(readSteps(cut, sla, collapse).at(-1)).toMatchObject({ valid: false, holds: null });
  });

  it("a rate that was not made says nothing of the target, unless chance explains what is missing", () => {
    // 12 s: 1,200 and 2,400 requests are due, whose chance is 69 and 98.
    const made = (...counts: number[]) => {
      const counted = counts.flatMap((count, at) => [
        trend({ step: String(at + 1) }, count, 50),
        failed({ step: String(at + 1) }, count, 0),
      ]);
      return readSteps(run({ rows: counted }), sla).map(({ valid }) => valid);
    };
    expect(made(1140, 2310)).toEqual([true, true]);
    expect(made(1120, 2290)).toEqual([false, false]);
  });

  it("a saturated generator and too few samples say nothing of the target", () => {
    expect(readSteps(run({ rows: rows(() => 5000), cpu: 0.97 }), sla)[0]).toMatchObject({
      valid: false,
      holds: null,
      brokenBy: expect.stringMatching(/^generator/),
    });
    const few = [trend({ step: "1" }, 20, 50), failed({ step: "1" }, 20, 0)];
    expect(readSteps(run({ rows: few }), sla)[0]).toMatchObject({
      holds: null,
      brokenBy: expect.stringContaining("too few samples"),
    });
  });

  it("a rate limiter's answers say nothing of the target, whatever else they would break or hold", () => {
    const limited = (counts: Record<string, number>) =>
      Object.entries(counts).map(([step, count]) => ({
        metric: "headroom_limited",
        tags: { step },
        type: "counter" as const,
        samples: count,
        count,
      }));
    const slow = rows((step) => (step === "2" ? 2000 : 50));
    // 12 of 1,200 are one in a hundred; 480 of 2,400 leave 160/s.
    const read = readSteps(run({ rows: [...slow, ...limited({ 1: 12, 2: 480 })] }), sla);
    expect(read.map(({ valid, holds, brokenBy }) => [valid, holds, brokenBy])).toEqual([
      [true, true, null],
      [false, null, "rate-limiter: 20% of the answers"],
    ]);
    expect(read.map(({ limiterPasses }) => limiterPasses)).toEqual([undefined, 160]);
    expect(readSteps(run({ rows: [...slow, ...limited({ 1: 13, 2: 480 })] }), sla)[0]?.valid).toBe(false);
  });

  it("errors that are a limiter's break nothing, few as they are", () => {
    const few = (limited: number) => {
      const counted = { metric: "headroom_limited", tags: { step: "1" }, type: "counter" as const };
      const made = [trend({ step: "1" }, 1200, 50), failed({ step: "1" }, 1200, 0.008)];
      const strict = [client({ ...ERRORS, bound: { operator: "<=", value: 0.001 } })];
      return readSteps(run({ rows: [...made, { ...counted, samples: limited, count: limited }] }), strict)[0];
    };
    expect(few(8)).toMatchObject({ holds: null, reason: "rate-limiter" });
    expect(few(8)?.limiterPasses).toBeCloseTo(1192 / 12, 6);
    expect(few(4)).toMatchObject({ holds: false, reason: "errors" });
  });

  it("a limiter that was not counted by step spoils the run, and one that was met in a collapse is no collapse", () => {
    const requests = { metric: "http_reqs", tags: {}, type: "counter" as const, samples: 3600, count: 3600 };
    const made = run({ rows: [...rows(() => 50), requests] });
    const met = (rateLimited: number, durationMs = 29_000) => ({
      ...made,
      evidence: { ...made.evidence, rateLimited, durationMs },
    });
    expect(readSteps(met(36), sla).map(({ holds }) => holds)).toEqual([true, true]);
    expect(readSteps(met(37), sla).map(({ holds }) => holds)).toEqual([null, null]);
    // 6 s of the second step.
    const cut = readSteps(met(1800, 23_000), sla, collapse).at(-1);
    expect(cut).toMatchObject({
      holds: null,
      brokenBy: "rate-limiter: 50% of the answers",
      limiterPasses: 200,
    });
  });

  it("a generator at its limit for a while may break a step, and cannot make one hold", () => {
    const judged = (busy: number, ms: number) => {
      const made = run({ rows: rows(() => ms) });
      const samples = Array.from({ length: 29 }, (_, second) =>
        second >= 3 && second < 3 + busy ? 0.95 : 0.2,
      );
      const evidence = { ...made.evidence, generatorCpu: { cores: 4, samples } };
      return readSteps({ ...made, evidence }, sla)[0]?.holds;
    };
    // Of twelve seconds: one is less than a tenth, two are more; seven are most.
    expect([judged(1, 5000), judged(2, 5000), judged(6, 50), judged(7, 50)]).toEqual([
      false,
      null,
      true,
      null,
    ]);
  });

  it("a generator that stood still may have broken a step", () => {
    const made = run({ rows: rows((step) => (step === "2" ? 5000 : 50)) });
    const judged = (stalledMs: number) =>
      readSteps({ ...made, evidence: { ...made.evidence, stalledMs } }, sla).map(({ holds, brokenBy }) => [
        holds,
        brokenBy?.split(":")[0] ?? null,
      ]);
    expect(judged(1999)).toEqual([
      [true, null],
      [false, "latency"],
    ]);
    expect(judged(3000)).toEqual([
      [true, null],
      [null, "generator"],
    ]);
  });

  it("leaves out what was not reached, and breaks the level at which the target collapsed", () => {
    const cut = run({ rows: rows(() => 50), durationMs: 18_000 });
    expect(readSteps(cut, sla).map(({ offered }) => offered)).toEqual([100]);
    const steps = readSteps(cut, sla, collapse);
    expect(steps[1]).toMatchObject({ offered: 200, holds: false, brokenBy: "errors: the target collapsed" });
  });
});
