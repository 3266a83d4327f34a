import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultMaxConnections } from "../../../src/planner/catalogue.ts";
import { usableConnections } from "../../../src/planner/sizers/connections.ts";
import { sizers } from "../../../src/planner/sizers/index.ts";
import { withRedundancy } from "../../../src/planner/sizers/instances.ts";
import { wiredTigerCacheBytes } from "../../../src/planner/sizers/mongodb-cache.ts";
import { operatorsRuleOf, Rule } from "../../../src/planner/sizers/rule.ts";
import { catalogue, contextWith, lead, levels, size, sized } from "./context.ts";

const GIB = 1024 ** 3;

/** Parameters of every sizer and a demand each, for what must hold of all. */
const EXAMPLES: Record<string, { params: unknown; context: ReturnType<typeof contextWith> }> = {
  instances: {
    params: {
      current: 3,
      spare: 1,
      drivers: [{ name: "CPU", demand: "d", usage: "u", cores: 1 }],
    },
    context: contextWith({ demands: { d: levels(50, 90) }, cost: 0.01 }),
  },
  limit: {
    params: { signal: "d", what: "storage", current: "100GiB", usable: "85%", step: "10GiB", unit: "GiB" },
    context: contextWith({ demands: { d: { ...levels(50 * GIB, 80 * GIB), unit: "bytes" } } }),
  },
  connections: {
    params: { instances: "api", pool: 60, maxConnections: 200, surge: "25%", scaleOut: 5 },
    context: contextWith({ resources: { api: levels(3, 5) } }),
  },
  "database-class": {
    params: { current: "db.r6g.large", families: ["db.r6g"], cpu: "d" },
    context: contextWith({ demands: { d: { ...levels(1, 2), unit: "cores" } } }),
  },
  "redis-memory": {
    params: { used: "d", class: "cache.r6g.large", nodes: 3, families: ["cache.r6g"] },
    context: contextWith({ demands: { d: { ...levels(4 * GIB, 9 * GIB), unit: "bytes" } } }),
  },
  "mongodb-cache": {
    params: { used: "d", current: "2GiB" },
    context: contextWith({ demands: { d: { ...levels(GIB, 2 * GIB), unit: "bytes" } } }),
  },
  concurrency: {
    params: { demand: "d", seconds: "2s", mostWaiting: "10%" },
    context: contextWith({ demands: { d: levels(2, 5) } }),
  },
  "rate-tiers": {
    params: {
      demand: "d",
      current: 2,
      tiers: [
        { below: "100/min", cores: 1, memory: "2GiB" },
        { below: "500/min", cores: 2, memory: "4GiB" },
        { cores: 4, memory: "8GiB" },
      ],
    },
    context: contextWith({ demands: { d: levels(1, 9) } }),
  },
  rule: {
    params: {
      demand: "d",
      what: "read queries",
      current: 1,
      unit: "replicas",
      rule: { each: 5000, atLeast: 1 },
    },
    context: contextWith({ demands: { d: levels(1000, 9000) } }),
  },
};

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

describe("connections", () => {
  it("keeps a fifth free, and three for the superuser", () => {
    expect(usableConnections(200, 0.8)).toBe(157);
    expect(usableConnections(defaultMaxConnections(8), 0.8)).toBe(718);
  });

  it("RDS gives LEAST(memory / 9,531,392, 5000)", () => {
    expect(defaultMaxConnections(8)).toBe(901);
    expect(defaultMaxConnections(32)).toBe(3604);
    expect(defaultMaxConnections(64)).toBe(5000);
  });

  it("counts the instances a rolling update runs beside the others", () => {
    const made = sized(
      "connections",
      EXAMPLES.connections?.params,
      contextWith({ resources: { api: levels(3, 5) } }),
    );
    // 3 and one more: 240 of pools, at 80% beside the three.
    expect(lead(made).need(3)).toBe(303);
    expect(lead(made).need(4)).toBe(378);
    expect(made.warn?.(378)).toEqual([
      "the documented scale-out exhausts the database: 5 instances × 60 = 300 connections (420 while a rolling update runs 2 more) against 157 usable of 200. Remedy: pool at most 22 per instance, put a pooler (PgBouncer, RDS Proxy) between, or raise max_connections to 528",
    ]);
  });

  it("is quiet where full scale-out fits", () => {
    const params = { instances: "api", pool: 30, class: "db.r6g.xlarge", surge: "25%", scaleOut: 10 };
    const made = sized("connections", params, contextWith({ resources: { api: levels(3, 5) } }));
    expect(made.warn?.(300)).toEqual([]);
  });
});

describe("caches and slots", () => {
  it("WiredTiger: half of what is beyond 1 GiB, at least 256 MiB", () => {
    expect(wiredTigerCacheBytes(8 * GIB)).toBe(3.5 * GIB);
    expect(wiredTigerCacheBytes(GIB)).toBe(256 * 1024 ** 2);
  });

  it("says what a full cache hides", () => {
    const full = contextWith({ demands: { d: { ...levels(1.58 * GIB, 1.6 * GIB), unit: "bytes" } } });
    expect(sized("mongodb-cache", { used: "d", current: "2GiB" }, full).warn?.(2)).toHaveLength(1);
    const redis = contextWith({ demands: { d: { ...levels(1.97 * GIB, 2 * GIB), unit: "bytes" } } });
    expect(sized("redis-memory", { used: "d", maxmemory: "2GiB" }, redis).warn?.(2.5)).toEqual([
      expect.stringContaining("cannot be seen"),
    ]);
  });

  it("Redis on a managed node: data × 1.1 over 75% × 80% of it", () => {
    const made = sized(
      "redis-memory",
      EXAMPLES["redis-memory"]?.params,
      EXAMPLES["redis-memory"]?.context as never,
    );
    expect(lead(made).need(6 * GIB)).toBeCloseTo((6 * 1.1) / 0.6, 9);
    expect(made.choose(13)).toEqual({ value: 13.07, name: "3 × cache.r6g.large" });
    expect(made.choose(14)).toEqual({ value: 26.32, name: "3 × cache.r6g.xlarge" });
    // A write-heavy set doubles while it is written to disk, more than the reserve holds.
    const heavy = { ...(EXAMPLES["redis-memory"]?.params as object), copyOnWrite: 1 };
    const twice = sized("redis-memory", heavy, EXAMPLES["redis-memory"]?.context as never);
    expect(lead(twice).need(6 * GIB)).toBeCloseTo((6 * 1.1 * 2) / 0.8, 9);
  });

  it("LLM slots: Little's law, and Erlang C so that few wait", () => {
    const made = sized("concurrency", EXAMPLES.concurrency?.params, EXAMPLES.concurrency?.context as never);
    // 4 requests/s × 2 s are 8 at once; with 13 slots 8.9% wait, with 12 it would be 13.9%.
    expect(lead(made).need(4)).toBe(13);
  });

  it("a database keeps its class while that is enough, and moves to the next that is", () => {
    const made = sized(
      "database-class",
      EXAMPLES["database-class"]?.params,
      EXAMPLES["database-class"]?.context as never,
    );
    expect(made.choose(2)).toEqual({ value: 2, name: "db.r6g.large" });
    expect(made.choose(2.1)).toEqual({ value: 4, name: "db.r6g.xlarge" });
    expect(made.warn?.(1000)).toEqual([expect.stringContaining("no class of db.r6g has 1000 vCPU")]);
  });

  it("the catalogue's classes have what they need to be chosen by", () => {
    const names = catalogue.classes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const one of catalogue.classes) expect(one.maxConnections).toBeGreaterThan(0);
  });
});
