import { describe, expect, it } from "vitest";
import { withRedundancy } from "../../../src/planner/sizers/redundancy.ts";
import { operatorsRuleOf, Rule } from "../../../src/planner/sizers/rule.ts";
import { contextWith, lead, levels, size, sized } from "./context.ts";

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
    // int(agents / 1000) × 2: 5,999 agents are 10 vCPU to them, and not 12.
    const whole = Rule.parse({ each: 1000, gives: 2, atLeast: 8, rounding: "whole-each" });
    expect(operatorsRuleOf(whole, 5999, "agents")).toEqual({
      value: 10,
      formula: "max(8, 2 × ⌊agents / 1000⌋) with agents = 5999",
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

  it("does not add the floor to what is spare", () => {
    const made = (floor: number) =>
      lead(
        sized(
          "instances",
          { current: 3, floor, drivers: drivers({}) },
          contextWith({ demands: { d: levels(100, 500) }, cost: 0.02 }),
        ),
      );
    expect([100, 280, 281].map((level) => made(3).need(level))).toEqual([3, 3, 4]);
    expect(made(5).need(100)).toBe(5);
  });

  it("grows as far as nodes, quota and pools let it, and never below what runs", () => {
    const grows = (given: object, bounds: { resource: string; most: number; why: string }[] = []) =>
      sized(
        "instances",
        { current: 3, ceiling: 10, drivers: drivers({}), ...given },
        contextWith({ demands: { d: levels(100, 500) }, cost: 0.02, bounds }),
      );
    expect(grows({}).growsTo).toBe(10);
    expect(grows({ quota: 7 }).growsTo).toBe(7);
    // An instance a node, ten nodes, and one more during an update.
    const nodes = { most: 10, oneEach: true };
    expect(grows({ nodes, surge: 1 }).growsTo).toBe(9);
    // 3.92 cores and 13.2 GiB are left of four and sixteen: one of two cores and 4 GiB, three of one.
    const packed = (cpu: number) => ({
      nodes: { class: "m5.xlarge", most: 3 },
      requests: { cpu, memory: "4GiB" },
    });
    expect(grows(packed(2)).growsTo).toBe(3);
    expect(grows(packed(1)).growsTo).toBe(9);
    const pools = { resource: "it", most: 2, why: "197 connections take 3 instances" };
    const bounded = grows({}, [pools]);
    expect(bounded.growsTo).toBe(3);
    expect(bounded.why?.join()).toContain(
      "197 connections take 3 instances: at most 2 can run, so that 3 count",
    );
    // By hand is not by itself.
    expect(grows({ ceiling: undefined, quota: 7 }).growsTo).toBeUndefined();
  });

  it("tells what the loss of a zone leaves, where it is not planned for", () => {
    const made = (given: object) =>
      sized(
        "instances",
        { current: 3, drivers: drivers({}), ...given },
        contextWith({ demands: { d: levels(100, 500) }, cost: 0.02 }),
      ).latent?.(5);
    // Five over two zones: three may go, two are left of the four that are needed.
    expect(made({ spread: 2 })).toMatchObject([{ need: 8, what: expect.stringContaining("2 of 5") }]);
    expect(made({ spread: 2, zones: 2 })).toEqual([]);
    expect(made({})).toEqual([]);
  });

  it("by memory takes what an idle instance holds off first", () => {
    const memory = { name: "memory", demand: "d", usage: "u", memory: "8GiB", target: "75%" };
    const floor = { idle: 2 * 1024 ** 3, each: 256 * 1024 ** 2 };
    const made = lead(
      sized(
        "instances",
        { current: 3, observed: "n", drivers: [memory] },
        contextWith({ demands: { d: levels(10, 50) }, cost: 1, floor }),
      ),
    );
    // (6 − 2) GiB / 256 MiB.
    expect(made.capacity.value).toBe(16);
    expect(made.why[0]).toContain("2 GiB of an idle instance and 256 MiB for one of d");
  });

  it("names the day on which a request became dearer", () => {
    const context = contextWith({
      demands: { d: levels(100, 500) },
      cost: 0.02,
      shift: { day: "2026-10-20", factor: 1.89 },
    });
    const made = lead(sized("instances", { current: 3, drivers: drivers({}) }, context));
    expect(made.why[1]).toBe(
      "the cost of one of d changed on 2026-10-20 (+89%): only what came after it counts",
    );
  });

  it("recommends requests as krr does: the 95th percentile of CPU, the highest memory and 15%", () => {
    const hours = Array.from({ length: 100 }, (_, hour) => hour);
    const made = sized(
      "instances",
      {
        current: 2,
        observed: "n",
        memory: "m",
        requests: { cpu: "250m", memory: "512MiB" },
        limits: { cpu: 1, memory: "2GiB" },
        drivers: drivers({}),
      },
      contextWith({
        demands: { d: levels(100, 500) },
        cost: 0.02,
        points: {
          u: hours.map((hour) => (2 * hour) / 100),
          n: hours.map(() => 2),
          m: hours.map((hour) => (hour === 50 ? 1.2 : 1) * 1024 ** 3),
        },
      }),
    );
    expect(made.container?.recommended).toEqual({
      requests: { cpuCores: expect.closeTo(0.95, 6), memoryBytes: 1.4375 * 1024 ** 3 },
      limits: { cpuCores: 1, memoryBytes: 1.4375 * 1024 ** 3 },
    });
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

describe("several drivers", () => {
  const rule = { each: 100, gives: 2 };
  const CPU = { name: "CPU", demand: "d", documented: rule };

  it("are refused with every reason", () => {
    const both = [
      { name: "CPU", demand: "d" },
      { name: "memory", demand: "e" },
    ];
    expect(
      size("instances", { current: 1, drivers: both }, contextWith({ demands: { d: levels(1, 2) } })),
    ).toEqual({
      refused: "CPU: neither a capacity.json, a usage signal nor a documented rule; memory: e: no history",
    });
  });

  it("a usage without what an instance has falls back on the rule, and the rule stands beside what is inferred", () => {
    const demands = { d: levels(100, 190) };
    const made = (driver: object) =>
      lead(
        sized(
          "instances",
          { current: 1, drivers: [{ ...CPU, ...driver }] },
          contextWith({ demands, cost: 0.01 }),
        ),
      );
    expect(made({ usage: "u" }).capacity).toMatchObject({ value: 50, source: "documented" });
    expect(made({ usage: "u", cores: 1 }).why[0]).toMatch(/: 70 per instance; the operators say 50$/);
  });

  it("an old measurement is told although only one of them rests on it", () => {
    const measured = {
      instances: 1,
      maxRatePerSecond: { low: 300 },
      limitedBy: "errors",
      measuredAt: "2026-01-01T00:00:00.000Z",
    } as never;
    const drivers = [CPU, { ...CPU, name: "rate", isMeasured: true }];
    const context = contextWith({ demands: { d: levels(100, 190) }, measured });
    expect(sized("instances", { current: 9, drivers }, context).warn?.(1)).toEqual([
      "the capacity was measured 319 days ago, on 2026-01-01: measure it again",
    ]);
  });
});
