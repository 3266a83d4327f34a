import { describe, expect, it } from "vitest";
import { withRedundancy } from "../../../src/planner/sizers/instances.ts";
import { operatorsRuleOf, Rule } from "../../../src/planner/sizers/rule.ts";
import { contextWith, lead, levels, lineOf, size, sized } from "./context.ts";

describe("instances", () => {
  const drivers = (extra: object) => [
    { name: "CPU", demand: "d", usage: "u", cores: 4, target: "70%", ...extra },
  ];

  it("from service demand: 20 ms of CPU, 4 cores at 70%: 140 requests/s each, one to spare", () => {
    const made = sized(
      "instances",
      { current: 3, drivers: drivers({}) },
      contextWith({ demands: { d: levels(100, 500) }, cost: 0.02 }),
    );
    expect(lead(made).capacity).toEqual({
      value: expect.closeTo(140, 9),
      unit: "d/s per instance",
      source: "inferred",
    });
    expect([140, 141, 420, 421].map((level) => lead(made).need(level))).toEqual([2, 3, 4, 5]);
  });

  it("measured goes before inferred, inferred before documented", () => {
    const documented = { documented: { each: 500, atLeast: 2, rounding: "down" }, isMeasured: true };
    const source = (context: ReturnType<typeof contextWith>) =>
      lead(sized("instances", { current: 3, drivers: drivers(documented) }, context)).capacity;
    const demands = { d: levels(100, 500) };
    const measured = {
      instances: 2,
      maxRatePerSecond: { low: 300, mid: 320, high: 340 },
      limitedBy: "latency",
      measuredAt: "2026-11-01T12:00:00.000Z",
    } as never;
    expect(source(contextWith({ demands, cost: 0.02, measured }))).toMatchObject({
      value: 105,
      source: "measured",
    });
    expect(source(contextWith({ demands, cost: 0.02 })).source).toBe("inferred");
    expect(source(contextWith({ demands }))).toMatchObject({ value: 500, source: "documented" });
  });

  it("rounds up where the operators truncate: 1,999 requests/s are 4 instances and one to spare, not 3", () => {
    const rule = Rule.parse({ each: 500, atLeast: 2, rounding: "down" });
    expect(operatorsRuleOf(rule, 1999, "rps")).toEqual({
      value: 3,
      formula: "max(2, ⌊rps / 500⌋) with rps = 1999",
    });
    const made = sized(
      "instances",
      { current: 3, drivers: [{ name: "CPU", demand: "d", documented: rule }] },
      contextWith({ demands: { d: levels(100, 500) } }),
    );
    expect(lead(made).need(1999)).toBe(5);
  });

  it("leaves enough when a zone is lost", () => {
    expect(withRedundancy(4, { spare: 1 })).toBe(5);
    expect(withRedundancy(4, { spare: 1, zones: 3 })).toBe(6);
    expect(withRedundancy(1, { spare: 1, zones: 2 })).toBe(2);
    expect(withRedundancy(7, { spare: 1, zones: 3 })).toBe(11);
    // In one zone there is no other to be left.
    expect(withRedundancy(4, { spare: 1, zones: 1 })).toBe(4);
  });

  it("says so when the autoscaler ends first, or the profile is wrong about today", () => {
    const made = sized(
      "instances",
      { current: 3, observed: "count", ceiling: 5, drivers: drivers({}) },
      contextWith({ demands: { d: levels(100, 500) }, cost: 0.02, recent: { count: 4 } }),
    );
    expect(made.growsTo).toBe(5);
    expect(made.warn?.(7)).toEqual([
      "the autoscaler stops at 5 instances, 7 are needed: raise its maximum or take larger instances",
      "the profile says 3 instances run, the last week shows 4: correct `current`",
    ]);
  });

  it("says nothing where the autoscaler and the profile are right, or nothing is known of today", () => {
    const warned = (need: number, recent: Record<string, number>) =>
      sized(
        "instances",
        { current: 3, observed: "count", ceiling: 7, drivers: drivers({}) },
        contextWith({ demands: { d: levels(100, 500) }, cost: 0.02, recent }),
      ).warn?.(need);
    expect(warned(7, { count: 3.4 })).toEqual([]);
    expect(warned(7, {})).toEqual([]);
  });

  it.each([
    ["2026-08-18T00:00:00.000Z", false], // 90 days
    ["2026-08-17T00:00:00.000Z", true],
  ])("a capacity measured on %s is too old: %s", (measuredAt, isStale) => {
    const measured = {
      instances: 1,
      maxRatePerSecond: { low: 300 },
      limitedBy: "errors",
      measuredAt,
    } as never;
    const context = contextWith({ demands: { d: levels(100, 500) }, measured, cost: 0.02 });
    const warned = (isMeasured: boolean) =>
      sized("instances", { current: 3, drivers: drivers({ isMeasured }) }, context).warn?.(1);
    expect(warned(true)).toHaveLength(isStale ? 1 : 0);
    // What no driver rests on may be as old as it likes.
    expect(warned(false)).toEqual([]);
  });

  it("of today's measurement the age is not said, and of a demand that never passes it no day", () => {
    const measured = {
      instances: 1,
      maxRatePerSecond: { low: 300 },
      limitedBy: "errors",
      measuredAt: "2026-11-15T12:00:00.000Z",
    } as never;
    const context = (to: number) => contextWith({ demands: { d: levels(100, to) }, measured });
    const made = (to: number) =>
      sized("instances", { current: 3, drivers: drivers({ isMeasured: true }) }, context(to));
    expect(lead(made(500)).why[0]).toBe(
      "CPU: measured 300/s per instance (low end; beyond it, errors), 70% of it in use",
    );
    expect(made(818).why).toEqual([
      "today's 3 instances take 900/s as measured, with nothing to spare: the forecast does not pass that within the horizon",
    ]);
    expect(made(900).why).toEqual([
      "today's 3 instances take 900/s as measured, with nothing to spare: the forecast passes that on no day at p50, at p90 on 2024-10-13",
    ]);
  });

  it("is refused when one of its drivers cannot be sized: that one might lead", () => {
    const both = [...drivers({}), { name: "memory", demand: "tasks", usage: "u", memory: "8GiB" }];
    const made = size(
      "instances",
      { current: 3, drivers: both },
      contextWith({ demands: { d: levels(1, 2) }, cost: 1 }),
    );
    expect(made).toEqual({ refused: "memory: tasks: no history" });
  });
});

describe("a line of instances", () => {
  const documented = { each: 500, atLeast: 2, rounding: "down" };
  const CPU = { name: "CPU", demand: "requests", usage: "cpu", cores: 4, target: "70%", documented };
  const requests = { ...levels(1000, 1900), operators: 2600 };

  it("by CPU time: 4 cores × 70% / 20 ms are 140/s each; 1,900 and 2,090/s are 14 and 15, and one to spare", () => {
    const params = { current: 12, ceiling: 14, drivers: [CPU] };
    expect(
      lineOf("instances", params, contextWith({ demands: { requests }, cost: 0.02 })),
    ).toMatchInlineSnapshot(`
      "12 null → 16 null instances, by 4, grows to 14
      needs 15 to 16, for CPU
      one takes 140 requests/s per instance, inferred
      holds up to requests 1820
      runs out 2024-10-11, 2024-10-13, null, order by 2024-10-08
      operators: 5 by max(2, ⌊requests / 500⌋) with requests = 2600
      why: CPU: 20 ms of CPU for one of requests in the busiest quarter of the history (20 ms of CPU to 20 ms of CPU), 4 cores per instance, 70% in use: 140 per instance; the operators say 500
      why: redundancy: 1 more, so that one may fail
      why: as the profile says
      ! the autoscaler stops at 14 instances, 16 are needed: raise its maximum or take larger instances"
    `);
  });

  it("by memory: 8 GiB × 50% / 16 MiB are 256 tasks each; three zones leave enough for all", () => {
    const memory = { name: "memory", demand: "tasks", usage: "memory", memory: "8GiB", target: "50%" };
    const tasks = { ...levels(1000, 1900), unit: "count" as const };
    const params = { current: 6, zones: 3, drivers: [memory] };
    expect(
      lineOf("instances", params, contextWith({ demands: { tasks }, cost: 16 * 1024 ** 2 })),
    ).toMatchInlineSnapshot(`
      "6 null → 14 null instances, by 8, grows to null
      needs 12 to 14, for memory
      one takes 256 tasks per instance, inferred
      holds up to tasks 1024
      runs out 2024-10-04, 2024-10-05, 2024-10-06, order by 2024-10-04
      operators: undefined by undefined
      why: memory: 16 MiB for one of tasks in the busiest quarter of the history (16 MiB to 16 MiB), 8 GiB per instance, 50% in use: 256 per instance
      why: redundancy: enough that the loss of one of 3 zones leaves as many
      why: as the profile says"
    `);
  });

  it("as measured: 300/s of two are 150 each, 105 in use; today's twelve take 1,800/s", () => {
    const measured = {
      instances: 2,
      maxRatePerSecond: { low: 300, mid: 320, high: 340 },
      limitedBy: "latency: p95 over 500 ms",
      measuredAt: "2026-08-01T12:00:00.000Z",
    } as never;
    const params = { current: 12, spare: 2, floor: 3, drivers: [{ ...CPU, isMeasured: true }] };
    expect(
      lineOf("instances", params, contextWith({ demands: { requests }, measured })),
    ).toMatchInlineSnapshot(`
      "12 null → 22 null instances, by 10, grows to null
      needs 21 to 22, for CPU
      one takes 105 requests/s per instance, measured
      holds up to requests 1050
      runs out 2024-10-04, 2024-10-05, 2024-10-06, order by 2024-10-04
      operators: 5 by max(2, ⌊requests / 500⌋) with requests = 2600
      why: CPU: measured 150/s per instance (low end, 106 days ago; beyond it, latency: p95 over 500 ms), 70% of it in use
      why: redundancy: 2 more, so that 2 may fail
      why: today's 12 instances take 1800/s as measured, with nothing to spare: the forecast passes that on 2024-10-13, at p90 on 2024-10-11
      why: as the profile says
      ! the capacity was measured 106 days ago, on 2026-08-01: measure it again"
    `);
  });

  it("as documented, where nothing else is known: one for 500, at least two", () => {
    const params = { current: 4, drivers: [{ name: "CPU", demand: "requests", documented }] };
    expect(lineOf("instances", params, contextWith({ demands: { requests } }))).toMatchInlineSnapshot(`
      "4 null → 6 null instances, by 2, grows to null
      needs 5 to 6, for CPU
      one takes 500 requests/s per instance, documented
      holds up to requests 1500
      runs out 2024-10-08, 2024-10-10, 2024-10-11, order by 2024-10-05
      operators: 5 by max(2, ⌊requests / 500⌋) with requests = 2600
      why: CPU: one instance per 500 of requests as documented, at least 2
      why: redundancy: 1 more, so that one may fail
      why: as the profile says"
    `);
  });
});
