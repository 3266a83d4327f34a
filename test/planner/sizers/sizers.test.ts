import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sizers } from "../../../src/planner/sizers/index.ts";
import { contextWith, lead, levels, size, sized } from "./context.ts";
import { EXAMPLES } from "./examples.ts";

const GIB = 1024 ** 3;

describe("every sizer", () => {
  it("has an example here", () => expect(Object.keys(EXAMPLES).sort()).toEqual(Object.keys(sizers).sort()));

  it.each(Object.entries(EXAMPLES))(
    "%s: needs no less for more, is deterministic and buys enough",
    (name, example) => {
      const made = sized(name, example.params, example.context);
      const again = sized(name, example.params, example.context);
      fc.assert(
        fc.property(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          (a, b) => {
            const driver = lead(made);
            const top = 3 * (driver.levels.p90.at(-1) as number);
            const [less, more] = [Math.min(a, b) * top, Math.max(a, b) * top];
            expect(driver.need(more)).toBeGreaterThanOrEqual(driver.need(less));
            expect(lead(again).need(less)).toBe(driver.need(less));
            const need = driver.need(more);
            const noClassIsEnough = (made.warn?.(need) ?? []).some((text) => text.startsWith("no class"));
            if (!noClassIsEnough) expect(made.choose(need).value).toBeGreaterThanOrEqual(need - 1e-6);
          },
        ),
      );
    },
  );

  it.each(Object.entries(EXAMPLES))(
    "%s: is refused, with the reason, without its history",
    (name, { params }) => {
      expect(size(name, params, contextWith({}))).toEqual({
        refused: expect.stringMatching(/d: no history|api could not/),
      });
    },
  );
});

describe("what a sizer reads", () => {
  it.each<[string, object, object]>([
    [
      "instances",
      {
        current: 3,
        observed: "count",
        drivers: [
          { name: "a", demand: "d", usage: "u", cores: 1 },
          { name: "b", demand: "e" },
        ],
      },
      { signals: ["count", "d", "u", "e"] },
    ],
    ["limit", EXAMPLES.limit?.params as object, { signals: ["d"] }],
    [
      "connections",
      { instances: "api", pool: 1, class: "x", scaleOut: 2, observed: "o" },
      { signals: ["o"], resources: ["api"] },
    ],
    ["connections", EXAMPLES.connections?.params as object, { signals: [], resources: ["api"] }],
    [
      "database-class",
      {
        current: "x",
        families: ["f"],
        cpu: "c",
        rule: { demand: "d", rule: { each: 1 } },
        connections: "pool",
      },
      { signals: ["c", "d"], resources: ["pool"] },
    ],
    ["database-class", EXAMPLES["database-class"]?.params as object, { signals: ["d"], resources: [] }],
    [
      "redis-memory",
      { used: "u", maxmemory: "2GiB", rule: { demand: "k", gibibytes: { each: 1 } } },
      { signals: ["u", "k"] },
    ],
    ["redis-memory", EXAMPLES["redis-memory"]?.params as object, { signals: ["d"] }],
    ["mongodb-cache", EXAMPLES["mongodb-cache"]?.params as object, { signals: ["d"] }],
    ["concurrency", EXAMPLES.concurrency?.params as object, { signals: ["d"] }],
    ["concurrency", { demand: "d", secondsSignal: "s", mostWaiting: "10%" }, { signals: ["d", "s"] }],
    ["rate-tiers", EXAMPLES["rate-tiers"]?.params as object, { signals: ["d"] }],
    ["rule", EXAMPLES.rule?.params as object, { signals: ["d"] }],
  ])("%s, of %j", (name, params, expected) => {
    const sizer = sizers[name];
    expect(sizer?.reads(sizer.params.parse(params))).toMatchObject(expected);
  });

  it("a load test rehearses what was measured, and nothing else", () => {
    const { instances } = sizers;
    const driver = { name: "CPU", demand: "d" };
    const rehearsed = (drivers: object[]) =>
      instances?.rehearses?.(instances.params.parse({ current: 1, drivers }));
    expect(rehearsed([driver, { ...driver, demand: "e", isMeasured: true }])).toBe("e");
    expect(rehearsed([driver])).toBeNull();
  });
});

describe("parameters that make no sense are refused", () => {
  const tiers = (...below: (string | undefined)[]) => ({
    demand: "d",
    current: 1,
    tiers: below.map((one) => ({ ...(one ? { below: one } : {}), cores: 1, memory: "1GiB" })),
  });
  it.each<[string, object, RegExp]>([
    ["connections", { instances: "a", pool: 1, scaleOut: 1 }, /exactly one of maxConnections and class/],
    [
      "connections",
      { instances: "a", pool: 1, scaleOut: 1, maxConnections: 9, class: "x" },
      /exactly one of maxConnections and class/,
    ],
    ["database-class", { current: "x", families: ["f"] }, /at least one of cpu, rule and connections/],
    ["concurrency", { demand: "d", mostWaiting: "10%" }, /exactly one of seconds and secondsSignal/],
    [
      "concurrency",
      { demand: "d", mostWaiting: "10%", seconds: "1s", secondsSignal: "s" },
      /exactly one of seconds and secondsSignal/,
    ],
    ["rate-tiers", tiers("1/s", "2/s"), /the last has none/],
    ["rate-tiers", tiers(undefined, undefined), /every tier but the last needs/],
    ["rate-tiers", tiers("2/s", "1/s", undefined), /above that of the tier before/],
    ["rate-tiers", tiers("2/s", "2/s", undefined), /above that of the tier before/],
    ["limit", { ...(EXAMPLES.limit?.params as object), usable: "0%" }, /above 0% and at most 100%/],
    ["limit", { ...(EXAMPLES.limit?.params as object), usable: "101%" }, /above 0% and at most 100%/],
    ["limit", { ...(EXAMPLES.limit?.params as object), step: "-1GiB" }, /write it like 8GiB/],
  ])("%s: %j", (name, params, message) => {
    const said = sizers[name]?.params.safeParse(params).error?.issues.map((one) => one.message);
    expect(said?.join()).toMatch(message);
  });

  it("all of a limit may be used, and a limit of nothing is none", () => {
    const params = { ...(EXAMPLES.limit?.params as object), usable: "100%" };
    expect(sizers.limit?.params.safeParse(params).success).toBe(true);
    expect(sizers.limit?.params.safeParse({ ...params, current: 0 }).success).toBe(false);
    expect(sizers["rate-tiers"]?.params.safeParse(tiers("1/s", "2/s", undefined)).success).toBe(true);
  });

  it.each<[string, object, string]>([
    [
      "connections",
      { instances: "api", pool: 1, class: "db.none", scaleOut: 1 },
      'the catalogue has no class "db.none"',
    ],
    [
      "database-class",
      { current: "db.none", families: ["db.r6g"], cpu: "d" },
      'the catalogue has no class "db.none"',
    ],
    [
      "database-class",
      { current: "db.r6g.large", families: ["db.none", "db.else"], cpu: "d" },
      "the catalogue has none of the families db.none, db.else",
    ],
    [
      "redis-memory",
      { used: "d", class: "cache.none", nodes: 1, families: ["cache.r6g"] },
      'the catalogue has no class "cache.none"',
    ],
    [
      "concurrency",
      { demand: "d", secondsSignal: "s", mostWaiting: "10%" },
      "no service time: s has no history",
    ],
    [
      "instances",
      { current: 1, drivers: [{ name: "CPU", demand: "d" }] },
      "CPU: neither a capacity.json, a usage signal nor a documented rule",
    ],
    [
      "instances",
      { current: 1, drivers: [{ name: "CPU", demand: "d", usage: "u", cores: 1 }] },
      "CPU: no points",
    ],
  ])("%s is not sized: %j", (name, params, refused) => {
    const demands = { d: { ...levels(GIB, 2 * GIB), unit: "bytes" as const } };
    expect(size(name, params, contextWith({ demands, resources: { api: levels(1, 2) } }))).toEqual({
      refused,
    });
  });

  it("a service time of nothing is none", () => {
    const params = { demand: "d", secondsSignal: "s", mostWaiting: "10%" };
    const context = contextWith({ demands: { d: levels(1, 2) }, recent: { s: 0 } });
    expect(size("concurrency", params, context)).toHaveProperty("refused");
  });
});
