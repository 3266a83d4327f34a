import { describe, expect, it } from "vitest";
import { timesPerIteration } from "../../scenarios/lib/frequency.ts";
import type { Journey } from "../../scenarios/lib/journey.ts";
import { planLoad } from "../../scenarios/lib/load.ts";
import { expectCalls, rangeOfCalls } from "../../src/gate/expected-calls.ts";
import type { MetricRow } from "../../src/model/metric-row.ts";
import type { RunResult } from "../../src/model/run.ts";
import { seededRandom } from "../../src/stats/random.ts";
import { canonicalRun, failed } from "../canonical.ts";
import { inWords, reasonsOf } from "./reasons-of.ts";

const step = (endpoint: string, path = `/${endpoint}`, more = {}) => ({
  endpoint,
  method: "GET" as const,
  path,
  ...more,
});
const journey = (steps: Journey["steps"], more: Partial<Journey> = {}): Journey => ({
  title: "t",
  steps,
  ...more,
});

const SHOP = journey([
  step("items", "/items", { extract: () => ({ item: 1 }) }),
  step("item", "/items/{item}", { share: 0.5 }),
  step("order", "/orders", { share: 0.2, extract: () => ({ order: 7 }) }),
  step("status", "/orders/{order}"),
]);

describe("requests of an average iteration", () => {
  it.each<[string, Journey, number[]]>([
    ["a step whose variable comes with another step is as likely as that one", SHOP, [1, 0.5, 0.2, 0.2]],
    ["a start value is there from the beginning", { ...SHOP, vars: { order: "x" } }, [1, 0.5, 0.2, 1]],
    [
      "so is what the login gives",
      { ...SHOP, login: step("login", "/in", { extract: () => ({ order: 1 }) }) },
      [1, 0.5, 0.2, 1],
    ],
    [
      "and what setup prepares",
      { ...SHOP, prepare: [step("new", "/new", { extract: () => ({ order: 1 }) })] },
      [1, 0.5, 0.2, 1],
    ],
    ["what nobody sets is never called", journey([step("lost", "/{lost}")]), [0]],
    [
      "either of two may have set it",
      journey([
        step("a", "/a", { share: 0.5, extract: () => ({ x: 1 }) }),
        step("b", "/b", { share: 0.5, extract: () => ({ x: 1 }) }),
        step("c", "/{x}"),
      ]),
      [0.5, 0.5, 0.75],
    ],
    [
      "two variables of one step come together, those of two steps by themselves",
      journey([
        step("a", "/a", { share: 0.5, extract: () => ({ x: 1, y: 1 }) }),
        step("b", "/b", { share: 0.5, extract: () => ({ z: 1 }) }),
        step("both", "/{x}/{y}"),
        step("mixed", "/{x}/{z}"),
      ]),
      [0.5, 0.5, 0.5, 0.25],
    ],
    [
      "a chain is as likely as its links",
      journey([
        step("a", "/a", { share: 0.5, extract: () => ({ x: 1 }) }),
        step("b", "/{x}", { share: 0.5, extract: () => ({ y: 1 }) }),
        step("c", "/{y}", { share: 0.5 }),
      ]),
      [0.5, 0.25, 0.125],
    ],
    [
      "whatever the extraction does with the answer",
      journey([
        step("a", "/a", {
          extract: (answer: { json: (path?: string) => never[] }) => ({
            x: (answer.json("list") as { id: string }[]).find(({ id }) => id !== "")?.id,
          }),
        }),
        step("b", "/{x}"),
      ]),
      [1, 1],
    ],
  ])("%s", (_, given, times) => {
    expect(timesPerIteration(given).map((value) => Number(value.toFixed(9)))).toEqual(times);
  });
});

const PLAN = planLoad(
  {
    model: "open",
    stages: [
      { duration: "10s", target: 19 },
      { duration: "40s", target: 19 },
    ],
  },
  { requestsPerIteration: 1.9, pauseSeconds: 0 },
);

describe("what journey and load ask of an endpoint", () => {
  it("is known before an open load, by phase too", () => {
    const [items, , order] = expectCalls(SHOP, PLAN);
    expect(items?.requests).toEqual({ mean: 450, low: 450, high: 450 });
    expect(items?.phases.map(({ phase, requests }) => [phase, requests.mean])).toEqual([
      ["warm-up", 50],
      ["steady", 400],
    ]);
    expect(order?.requests?.mean).toBeCloseTo(90, 9);
    expect(order?.needs).toEqual([]);
    expect(expectCalls(SHOP, { ...PLAN, model: "closed" })[0]).toMatchObject({ requests: null, phases: [] });
  });

  it("has a range that chance does not leave", () => {
    const random = seededRandom(1);
    const { low, high } = rangeOfCalls(300, 0.05);
    const calls = Array.from({ length: 20_000 }, () => {
      let count = 0;
      for (let index = 0; index < 300; index++) if (random() < 0.05) count++;
      return count;
    });
    expect(Math.min(...calls)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...calls)).toBeLessThanOrEqual(high);
    expect(high).toBeLessThan(60);
  });
});

describe("a run held to what was asked of it", () => {
  /** 450 iterations; requests by endpoint, all of them answered, nine in ten in the steady phase. */
  const run = (
    calls: Record<string, number>,
    evidence = {},
    steady: Record<string, number> = {},
    journey = SHOP,
  ): RunResult => {
    const rows: MetricRow[] = Object.entries(calls).flatMap(([name, count]) => {
      const inSteady = steady[name] ?? Math.round(count * (8 / 9));
      return [
        failed({ name }, count, 0),
        failed({ name, phase: "steady" }, inSteady, 0),
        failed({ name, phase: "warm-up" }, count - inSteady, 0),
      ];
    });
    const base = canonicalRun(
      { plannedIterations: 450, iterations: 450, usersSeen: 5, durationMs: 50_000, ...evidence },
      [...rows, failed({}, 900, 0)],
    );
    return { ...base, asked: { ...base.asked, load: PLAN, expected: expectCalls(journey, PLAN) } };
  };
  const HEALTHY = { items: 450, item: 225, order: 90, status: 90 };
  const codes = (result: RunResult) => reasonsOf(result).map(({ code }) => code);

  it.each<[string, RunResult, string[]]>([
    ["as planned", run(HEALTHY), []],
    ["within chance", run({ ...HEALTHY, order: 60, status: 60 }), []],
    ["an endpoint that never was called", run({ ...HEALTHY, item: 0 }), ["endpoint-not-called"]],
    ["one that was called half as often", run({ ...HEALTHY, item: 100 }), ["endpoint-called-too-seldom"]],
    [
      "one that every iteration calls, missing in a tenth of them",
      run({ ...HEALTHY, items: 404 }),
      ["endpoint-called-too-seldom"],
    ],
    ["one that was called twice each time", run({ ...HEALTHY, items: 900 }), ["endpoint-called-too-often"]],
    [
      "one whose requests came in another phase",
      run({ ...HEALTHY, item: 225 }, {}, { item: 100 }),
      ["endpoint-called-too-often"],
    ],
    [
      "the end of a run that was stopped",
      run({ items: 45, item: 22, order: 9, status: 9 }, { iterations: 44, abortedByCriterion: true }),
      ["load-not-delivered"],
    ],
    [
      "without a summary there is nothing to hold",
      run({}, { summaryComplete: false, exit: canonicalRun().evidence.exit }),
      ["summary-missing"],
    ],
  ])("%s", (_, result, expected) => {
    expect(codes(result)).toEqual(expected);
  });

  it("one that is due at the border of two phases may come in either", () => {
    const load = { ...PLAN, peak: 1 };
    const result = run(HEALTHY);
    const expected = (result.asked.expected ?? []).map((calls) => ({
      ...calls,
      phases: [{ phase: "ramp" as const, requests: { mean: 1.07, low: 1.07, high: 1.07 } }],
    }));
    expect(codes({ ...result, asked: { ...result.asked, load, expected } })).toEqual([]);
  });

  it("a rare endpoint may be missing by chance, and is no reason", () => {
    const result = run({ ...HEALTHY, order: 1, status: 0 }, { iterations: 20, plannedIterations: 20 });
    expect(codes({ ...result, asked: { ...result.asked, load: null } })).not.toContain("endpoint-not-called");
  });

  it("says what was planned, what is missing and where it should have come from", () => {
    const [reason] = reasonsOf(run({ ...HEALTHY, item: 0 }));
    expect(reason && inWords(reason)).toBe(
      "item was never called where about 225 requests were planned: earlier answers did not give {item}. Look at the answers that {item} is extracted from (failed, or an empty list?): give the target data, or correct the extraction.",
    );
    expect(reason?.excusesFailure).toBe(false);
  });

  it.each<[string, { endpoint: string; count: number }[], string[]]>([
    ["a tenth of expected errors beside answers", [{ endpoint: "status", count: 9 }], []],
    ["more of them", [{ endpoint: "status", count: 10 }], ["answers-without-information"]],
    ["nothing else", [{ endpoint: "status", count: 90 }], ["answers-without-information"]],
    ["an endpoint of which only errors are expected", [{ endpoint: "denied", count: 90 }], []],
    [
      "little but expected errors",
      [
        { endpoint: "items", count: 450 },
        { endpoint: "item", count: 225 },
      ],
      ["answers-without-information"],
    ],
  ])("expected errors: %s", (_, withoutInformation, expected) => {
    const denied = {
      ...SHOP,
      steps: [...SHOP.steps, step("denied", "/denied", { expect: [401], share: 0.2 })],
    };
    const result = run({ ...HEALTHY, denied: 90 }, { withoutInformation }, {}, denied);
    const metrics: MetricRow[] = [
      ...result.metrics,
      { metric: "http_reqs", tags: {}, type: "counter", samples: 900, count: 900 },
    ];
    expect(codes({ ...result, metrics })).toEqual(expected);
  });
});

describe("users that wait for ever", () => {
  it.each([
    [1, ["iterations-unfinished"]],
    [0, []],
  ])("%d of them: %j", (unfinishedIterations, codes) => {
    const run = canonicalRun({ unfinishedIterations });
    expect(reasonsOf(run).map(({ code }) => code)).toEqual(codes);
  });
});

describe("a rare endpoint that was never called", () => {
  it("is told from chance by the exact odds", () => {
    // (1 − 0.07)^298 is 4 in ten thousand million; (1 − 0.01)^298 is 5%.
    expect(rangeOfCalls(298, 0.07).low).toBeGreaterThan(0);
    expect(rangeOfCalls(298, 0.01).low).toBe(0);
  });
});
