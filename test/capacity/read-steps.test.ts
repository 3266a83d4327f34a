import { describe, expect, it } from "vitest";
import { planLoad, plannedIterations } from "../../scenarios/lib/load.ts";
import { ladderOf } from "../../src/capacity/ladder.ts";
import { readSteps } from "../../src/capacity/read-steps.ts";
import type { RunResult } from "../../src/model/run.ts";
import { canonicalRun, client, ERRORS, failed, trend } from "../canonical.ts";

const journey = { requestsPerIteration: 1, pauseSeconds: 0 };
// 3 s of warm-up and 12 s at 100/s, 2 s of ramp and 12 s at 200/s.
const plan = planLoad(
  ladderOf([100, 200], () => 12),
  journey,
);

/** A run of the ladder: `perSecond` answers and p95 by second, over 29 seconds. */
function run(given: {
  rows: RunResult["metrics"];
  requests?: (second: number) => number;
  p95?: (second: number) => number;
  cpu?: number;
  durationMs?: number;
}): RunResult {
  const seconds = Array.from({ length: 29 }, (_, second) => second);
  const offered = (second: number) => (second < 15 ? 100 : 200);
  const made = canonicalRun({ durationMs: given.durationMs ?? 29_000 }, given.rows);
  return {
    ...made,
    evidence: {
      ...made.evidence,
      generatorCpu: { cores: 4, samples: seconds.map(() => given.cpu ?? 0.2) },
    },
    timeline: {
      periodMs: 1000,
      series: [
        {
          metric: "iterations",
          endpoint: null,
          unit: "per-second",
          values: seconds.map(given.requests ?? offered),
        },
        { metric: "p95", endpoint: null, unit: "ms", values: seconds.map(given.p95 ?? (() => 100)) },
      ],
    },
  };
}

const rows = (p95Of: (step: string) => number) =>
  ["1", "2"].flatMap((step) => [
    trend({ step }, step === "1" ? 1200 : 2400, p95Of(step)),
    failed({ step }, step === "1" ? 1200 : 2400, 0),
  ]);
const sla = [client({ bound: { operator: "<=", value: 500 } }), ERRORS];

describe("readSteps", () => {
  it("judges each level by the SLA", () => {
    const steps = readSteps(run({ rows: rows(() => 50) }), plan, sla);
    expect(steps.map(({ offered, holds, valid }) => [offered, holds, valid])).toEqual([
      [100, true, true],
      [200, true, true],
    ]);
    expect(steps[0]?.achieved).toBe(100);
    const slow = readSteps(run({ rows: rows((step) => (step === "2" ? 2000 : 50)) }), plan, sla);
    expect(slow[1]).toMatchObject({ holds: false, brokenBy: expect.stringMatching(/^latency: p95/) });
  });

  it("sees a queue that grows before the SLA is broken: answers fall behind, or latency climbs", () => {
    const behind = readSteps(
      run({
        rows: rows(() => 50),
        requests: (second) => (second < 17 ? 100 : 188),
        // Every second twelve more wait, 64 ms each.
        p95: (second) => (second < 17 ? 100 : 100 + 64 * (second - 17)),
      }),
      plan,
      [client({ bound: { operator: "<=", value: 50_000 } }), ERRORS],
    );
    expect(behind[1]).toMatchObject({
      holds: false,
      brokenBy: expect.stringMatching(/^throughput: 188\/s are answered/),
    });
    // All were answered, none later than at first: where iterations end in a second is chance.
    const steady = readSteps(
      run({ rows: rows(() => 50), requests: (second) => (second < 17 ? 100 : 188) }),
      plan,
      sla,
    );
    expect(steady[1]).toMatchObject({ holds: true, achieved: 200 });
    // Some never were: a target that swallows requests.
    const swallowed = readSteps(
      run({
        rows: [...rows(() => 50).slice(0, 2), trend({ step: "2" }, 2256, 50), failed({ step: "2" }, 2256, 0)],
        requests: (second) => (second < 17 ? 100 : 188),
      }),
      plan,
      sla,
    );
    expect(swallowed[1]).toMatchObject({ holds: false, brokenBy: expect.stringMatching(/^throughput: 188/) });
    const climbing = readSteps(
      run({ rows: rows(() => 50), p95: (second) => (second < 17 ? 100 : 100 + 20 * (second - 17)) }),
      plan,
      sla,
    );
    expect(climbing[1]).toMatchObject({
      holds: false,
      brokenBy: expect.stringMatching(/^latency: grows without end/),
    });
  });

  it("tells a queue within three seconds by what is in flight before one can grow", () => {
    // 1.5 s of warm-up, then 200/s for 3 s; iterations of three requests, 60 ms each at first: 12 in flight.
    const short = planLoad(
      {
        model: "open",
        start: 200,
        stages: [
          { duration: "2s", target: 200, phase: "warm-up" },
          { duration: "3s", target: 200 },
        ],
      },
      { requestsPerIteration: 3, pauseSeconds: 0 },
    );
    const steady = { phase: "steady" };
    const judged = (iterationsPerSecond: number, laterMs: number) => {
      const made = run({
        rows: [trend(steady, 600, 50), failed(steady, 600, 0)],
        requests: () => iterationsPerSecond,
      });
      const p50 = {
        metric: "p50",
        endpoint: null,
        unit: "ms",
        values: made.timeline.series[0]?.values.map((_, second) => 60 + laterMs * (second - 2)) ?? [],
      };
      return readSteps(
        { ...made, timeline: { ...made.timeline, series: [...made.timeline.series, p50] } },
        short,
        sla,
      )[0];
    };
    // 36/s of 66.7/s iterations are answered; 63/s are within what ends and begins of 12 in flight.
    expect(judged(36, 850)).toMatchObject({
      holds: false,
      brokenBy: expect.stringMatching(/^throughput: 108\/s/),
    });
    expect(judged(63, 0)).toMatchObject({ holds: true });
  });

  it("does not take people who think for a queue: an iteration ends as long after it was due as it takes", () => {
    // 10 s at 50/s, a leap to 100/s for 12 s; iterations of one request and eight seconds of thought.
    const thinking = planLoad(
      {
        model: "open",
        start: 50,
        stages: [
          { duration: "10s", target: 50, phase: "warm-up" },
          { duration: "100ms", target: 100, phase: "ramp" },
          { duration: "12s", target: 100 },
        ],
      },
      { requestsPerIteration: 1, pauseSeconds: 8 },
    );
    const begunIn = (second: number) =>
      plannedIterations(thinking, (second + 1) * 1000) - plannedIterations(thinking, second * 1000);
    const seconds = Array.from({ length: 22 }, (_, second) => second);
    const judged = (endedIn: (second: number) => number) => {
      const made = run({
        rows: [trend({ phase: "steady" }, 1200, 50), failed({ phase: "steady" }, 1200, 0)],
      });
      const series = (metric: string, values: number[]) => ({
        metric,
        endpoint: null,
        unit: "count" as const,
        values,
      });
      const timeline = {
        periodMs: 1000,
        series: [
          series("iterations", seconds.map(endedIn)),
          series(
            "users",
            seconds.map((second) => (second < 8 ? 50 * second : 400)),
          ),
          series(
            "p95",
            seconds.map((second) => (second < 12 ? 100 : 100 + 200 * (second - 12))),
          ),
        ],
      };
      return readSteps({ ...made, timeline }, thinking, [
        client({ bound: { operator: "<=", value: 50_000 } }),
        ERRORS,
      ])[0];
    };
    expect(judged((second) => (second < 8 ? 0 : begunIn(second - 8)))).toMatchObject({ holds: true });
    expect(
      judged((second) => (second < 8 ? 0 : (second < 11 ? 1 : 0.8) * begunIn(second - 8))),
    ).toMatchObject({
      brokenBy: expect.stringMatching(/^throughput/),
    });
  });

  it("failures of the generator's own are not the target's", () => {
    const half = [trend({ step: "2" }, 2400, 50), failed({ step: "2" }, 2400, 0.5)];
    const lacking = {
      ...run({ rows: [trend({ step: "1" }, 1200, 50), failed({ step: "1" }, 1200, 0), ...half] }),
      errors: [{ kind: "too many open files", count: 1200 }],
    };
    expect(readSteps(lacking, plan, sla).map(({ valid, brokenBy }) => [valid, brokenBy])).toEqual([
      [true, null],
      [false, "generator: too many open files"],
    ]);
    const cut = { ...lacking, evidence: { ...lacking.evidence, durationMs: 20_000 } };
    expect(readSteps(cut, plan, sla, "collapse").at(-1)).toMatchObject({ valid: false, holds: null });
  });

  it("a rate that was not made says nothing of the target, unless chance explains what is missing", () => {
    // 12 s: 1,200 and 2,400 requests are due, whose chance is 69 and 98.
    const made = (...counts: number[]) => {
      const counted = counts.flatMap((count, at) => [
        trend({ step: String(at + 1) }, count, 50),
        failed({ step: String(at + 1) }, count, 0),
      ]);
      return readSteps(run({ rows: counted }), plan, sla).map(({ valid }) => valid);
    };
    expect(made(1140, 2310)).toEqual([true, true]);
    expect(made(1120, 2290)).toEqual([false, false]);
  });

  it("a saturated generator and too few samples say nothing of the target", () => {
    expect(readSteps(run({ rows: rows(() => 5000), cpu: 0.97 }), plan, sla)[0]).toMatchObject({
      valid: false,
      holds: null,
      brokenBy: expect.stringMatching(/^generator/),
    });
    const few = [trend({ step: "1" }, 20, 50), failed({ step: "1" }, 20, 0)];
    expect(readSteps(run({ rows: few }), plan, sla)[0]).toMatchObject({
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
    const read = readSteps(run({ rows: [...slow, ...limited({ 1: 12, 2: 480 })] }), plan, sla);
    expect(read.map(({ valid, holds, brokenBy }) => [valid, holds, brokenBy])).toEqual([
      [true, true, null],
      [false, null, "rate-limiter: 20% of the answers"],
    ]);
    expect(read.map(({ limiterPasses }) => limiterPasses)).toEqual([undefined, 160]);
    expect(readSteps(run({ rows: [...slow, ...limited({ 1: 13, 2: 480 })] }), plan, sla)[0]?.valid).toBe(
      false,
    );
  });

  it("a limiter that was not counted by step spoils the run, and one that was met in a collapse is no collapse", () => {
    const requests = { metric: "http_reqs", tags: {}, type: "counter" as const, samples: 3600, count: 3600 };
    const made = run({ rows: [...rows(() => 50), requests] });
    const met = (rateLimited: number, durationMs = 29_000) => ({
      ...made,
      evidence: { ...made.evidence, rateLimited, durationMs },
    });
    expect(readSteps(met(36), plan, sla).map(({ holds }) => holds)).toEqual([true, true]);
    expect(readSteps(met(37), plan, sla).map(({ holds }) => holds)).toEqual([null, null]);
    // 6 s of the second step.
    const cut = readSteps(met(1800, 23_000), plan, sla, "errors: the target collapsed").at(-1);
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
      return readSteps({ ...made, evidence }, plan, sla)[0]?.holds;
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
      readSteps({ ...made, evidence: { ...made.evidence, stalledMs } }, plan, sla).map(
        ({ holds, brokenBy }) => [holds, brokenBy?.split(":")[0] ?? null],
      );
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
    expect(readSteps(cut, plan, sla).map(({ offered }) => offered)).toEqual([100]);
    const steps = readSteps(cut, plan, sla, "errors: the target collapsed");
    expect(steps[1]).toMatchObject({ offered: 200, holds: false, brokenBy: "errors: the target collapsed" });
  });
});
