import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Load,
  parseDurationMs,
  planLoad,
  plannedIterations,
  stageAt,
  targetAt,
} from "../../scenarios/lib/load.ts";

const JOURNEY = { requestsPerIteration: 3, pauseSeconds: 1 };
const STAGED: Load = {
  model: "closed",
  stages: [
    { duration: "2m", target: 100 },
    { duration: "5m", target: 100 },
    { duration: "2m", target: 200 },
    { duration: "5m", target: 200 },
    { duration: "2m", target: 0 },
  ],
};

describe("parseDurationMs", () => {
  it.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1500],
  ])("%s is %d ms", (text, ms) => expect(parseDurationMs(text)).toBe(ms));

  it.each(["", "5", "5 parsecs", "-5s", "s", "5s!"])("refuses %j with an example", (text) =>
    expect(() => parseDurationMs(text)).toThrow(/write it like 30s/),
  );
});

describe("planLoad", () => {
  it("names phases and steps from the stages alone", () => {
    const { stages } = planLoad(STAGED, JOURNEY);
    expect(stages.map(({ phase, step }) => [phase, step])).toEqual([
      ["warm-up", null],
      ["steady", 1],
      ["ramp", null],
      ["steady", 2],
      ["ramp-down", null],
    ]);
  });

  it("takes a stated phase before the inferred one", () => {
    const { stages } = planLoad(
      {
        model: "open",
        start: 5,
        stages: [
          { duration: "5s", target: 5, phase: "warm-up" },
          { duration: "5s", target: 5 },
        ],
      },
      JOURNEY,
    );
    expect(stages.map(({ phase, step }) => [phase, step])).toEqual([
      ["warm-up", null],
      ["steady", null],
    ]);
  });

  it("scales time and load, and keeps at least one user", () => {
    const plan = planLoad(STAGED, JOURNEY, { timeScale: 0.1, loadScale: 0.001 });
    expect(plan.totalMs).toBe(96_000);
    expect(plan.stages.map(({ target }) => target)).toEqual([1, 1, 1, 1, 0]);
  });

  it("stretches to a duration and a rate", () => {
    const plan = planLoad(
      {
        model: "open",
        stages: [
          { duration: "1m", target: 50 },
          { duration: "3m", target: 50 },
        ],
      },
      JOURNEY,
      { durationMs: 8000, ratePerSecond: 10 },
    );
    expect(plan.stages.map(({ durationMs, target }) => [durationMs, target])).toEqual([
      [2000, 10],
      [6000, 10],
    ]);
  });

  it("allots users by Little's law: 30 requests/s of 3 are 10 iterations/s, each of 1 s think time and 1 s of answers", () => {
    const plan = planLoad({ model: "open", stages: [{ duration: "1m", target: 30 }] }, JOURNEY);
    expect(plan.preAllocatedUsers).toBe(25);
    expect(plan.maxUsers).toBe(115);
  });

  it.each<[string, Load, object, RegExp]>([
    ["no time", { model: "open", stages: [{ duration: "0s", target: 5 }] }, {}, /lasts no time/],
    ["no load", { model: "open", stages: [{ duration: "5s", target: 0 }] }, {}, /never above 0/],
    ["a slip of the finger", STAGED, { loadScale: 1e300 }, /e\+30\d users; at most 10,000,000 make sense/],
    ["a rate for users", STAGED, { ratePerSecond: 5 }, /--load-scale/],
  ])("refuses %s", (_, load, scaling, message) =>
    expect(() => planLoad(load, JOURNEY, scaling)).toThrow(message),
  );
});

describe("the timeline of a plan", () => {
  const loads = fc
    .array(
      fc.record({ seconds: fc.integer({ min: 1, max: 60 }), target: fc.integer({ min: 0, max: 500 }) }),
      { minLength: 1, maxLength: 6 },
    )
    .filter((stages) => stages.some(({ target }) => target > 0))
    .map((stages) =>
      planLoad(
        { model: "open", stages: stages.map(({ seconds, target }) => ({ duration: `${seconds}s`, target })) },
        JOURNEY,
      ),
    );

  it("plannedIterations is the area under targetAt, over requests per iteration", () => {
    fc.assert(
      fc.property(loads, fc.double({ min: 0, max: 1, noNaN: true }), (plan, share) => {
        const endMs = plan.totalMs * share;
        const slices = 20_000;
        let requests = 0;
        for (let slice = 0; slice < slices; slice++)
          requests += (targetAt(plan, ((slice + 0.5) * endMs) / slices) * endMs) / slices / 1000;
        expect(plannedIterations(plan, endMs)).toBeCloseTo(requests / 3, 0);
      }),
      { numRuns: 50 },
    );
  });

  it("every moment has the stage whose time it is", () => {
    const plan = planLoad(STAGED, JOURNEY);
    expect(stageAt(plan, 0).phase).toBe("warm-up");
    expect(stageAt(plan, 120_000).step).toBe(1);
    expect(stageAt(plan, 839_999).step).toBe(2);
    expect(stageAt(plan, 99_999_999).phase).toBe("ramp-down");
  });
});
