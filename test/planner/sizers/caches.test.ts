import { describe, expect, it } from "vitest";
import { wiredTigerCacheBytes } from "../../../src/planner/sizers/mongodb-cache.ts";
import { catalogue, contextWith, lead, levels, lineOf, size, sized } from "./context.ts";
import { EXAMPLES } from "./examples.ts";

const GIB = 1024 ** 3;

describe("caches and slots", () => {
  it("WiredTiger: half of what is beyond 1 GiB, at least 256 MiB", () => {
    expect(wiredTigerCacheBytes(8 * GIB)).toBe(3.5 * GIB);
    expect(wiredTigerCacheBytes(GIB)).toBe(256 * 1024 ** 2);
  });

  it("says what a full Redis hides", () => {
    const redis = contextWith({ demands: { d: { ...levels(1.97 * GIB, 2 * GIB), unit: "bytes" } } });
    expect(sized("redis-memory", { used: "d", maxmemory: "2GiB" }, redis).warn?.(2.5)).toEqual([
      "it runs at maxmemory and evicts: what would be used without the limit cannot be seen, so this is the least",
    ]);
    const roomy = contextWith({ demands: { d: { ...levels(1.8 * GIB, 2 * GIB), unit: "bytes" } } });
    const own = sized("redis-memory", { used: "d", maxmemory: "2GiB" }, roomy);
    expect([own.warn?.(2.5), own.choose(1).value, own.choose(2.6).value]).toEqual([[], 2, 2.75]);
    // One that throws out by design says what would tell.
    const cache = sized("redis-memory", { used: "d", maxmemory: "2GiB", evicts: true }, redis);
    expect([cache.choose(2).value, cache.warn?.(2)]).toEqual([2, [expect.stringContaining("hitRatio")]]);
  });

  it("a cache fills by design: hit ratio and evictions size it, and its fill has no date", () => {
    const made = (used: number, given: object, recent: Record<string, number> = {}) => {
      const demands = { d: { ...levels(used * GIB, 9 * GIB), unit: "bytes" as const } };
      const params = { used: "d", current: "2GiB", ...given };
      return sized("mongodb-cache", params, contextWith({ demands, recent }));
    };
    const hitRatio = { signal: "hits", atLeast: "95%" };
    // Not full: all that was read fits, however fast it fills.
    expect(lead(made(1.27, {}))).toMatchObject({ evidence: "measured" });
    expect(lead(made(1.27, {})).need(9 * GIB)).toBe(2);
    // Full, and no sign of what is missing: nothing is said to be known.
    const unknown = made(1.58, {});
    expect(lead(unknown).evidence).toBe("rule");
    expect(unknown.warn?.(2)).toEqual([
      "whether the cache is large enough cannot be known: give `hitRatio` or `evictions` a signal",
    ]);
    expect(lead(made(1.58, { hitRatio }, { hits: 0.96 })).need(1)).toBe(2);
    expect(lead(made(1.58, { hitRatio }, { hits: 0.94 })).need(1)).toBe(3);
    expect(lead(made(1.58, { evictions: "gone" }, { gone: 0 })).need(1)).toBe(2);
    expect(lead(made(1.58, { evictions: "gone" }, { gone: 5 })).need(1)).toBe(3);
    expect(made(1.58, { evictions: "gone" }, { gone: 5 }).warn?.(3)).toEqual([]);
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
    expect(made.warn?.(1000)).toEqual([
      "no class of db.r6g has 1000 vCPU and 0 connections: shard, cache or add replicas",
    ]);
    expect(made.choose(1000)).toEqual({ value: 64, name: "db.r6g.16xlarge" });
  });

  it("another family of the same size is no reason to move", () => {
    const context = contextWith({
      demands: { d: { ...levels(1, 1), unit: "cores" }, u: { ...levels(GIB, GIB), unit: "bytes" } },
    });
    const both = ["db.m6g", "db.r6g"];
    const database = sized("database-class", { current: "db.r6g.large", families: both, cpu: "d" }, context);
    expect([database.choose(2).name, database.choose(2 + 1e-10).name]).toEqual([
      "db.r6g.large",
      "db.r6g.large",
    ]);
    const params = { used: "u", class: "cache.r6g.large", families: ["cache.m6g", "cache.r6g"] };
    const cache = sized("redis-memory", params, context);
    expect([cache.choose(6), cache.choose(13.07 + 1e-10)].map(({ name }) => name)).toEqual([
      "1 × cache.r6g.large",
      "1 × cache.r6g.large",
    ]);
  });

  it("a database whose class takes too few connections moves for them", () => {
    const params = { ...(EXAMPLES["database-class"]?.params as object), connections: "pools" };
    const made = (connections: number) =>
      sized(
        "database-class",
        params,
        contextWith({
          demands: { d: { ...levels(1, 1), unit: "cores" } },
          resources: { pools: levels(connections / 1.1, connections / 1.1) },
        }),
      );
    // db.r6g.large takes 1,802 by default, the next 3,604, none more than 5,000.
    expect(made(1802).choose(1)).toEqual({ value: 2, name: "db.r6g.large" });
    expect(made(1803).choose(1)).toEqual({ value: 4, name: "db.r6g.xlarge" });
    expect(made(5001).warn?.(1)).toEqual([expect.stringContaining("and 5001 connections")]);
    expect(made(4999).warn?.(1)).toEqual([]);
  });

  it("a cache that no class holds is not sized down to one that exists", () => {
    const made = sized(
      "redis-memory",
      EXAMPLES["redis-memory"]?.params,
      EXAMPLES["redis-memory"]?.context as never,
    );
    expect(made.choose(9999)).toEqual({ value: 9999, name: null });
    expect(made.warn?.(9999)).toEqual(["no class of cache.r6g has 9999 GiB: shard the data over more nodes"]);
    expect(made.warn?.(13)).toEqual([]);
  });

  it("a limit is raised in steps and never lowered, and a host's cache too", () => {
    const disk = sized("limit", EXAMPLES.limit?.params, EXAMPLES.limit?.context as never);
    expect([disk.choose(100).value, disk.choose(100.1).value, disk.choose(3).value]).toEqual([100, 110, 100]);
    const params = { ...(EXAMPLES.limit?.params as object), growsTo: "150GiB" };
    const grows = sized("limit", params, EXAMPLES.limit?.context as never);
    expect([grows.warn?.(150), grows.warn?.(151)]).toEqual([
      [],
      ["automatic growth ends at 150 GiB, 151 GiB are needed"],
    ]);
    const cache = sized(
      "mongodb-cache",
      EXAMPLES["mongodb-cache"]?.params,
      EXAMPLES["mongodb-cache"]?.context as never,
    );
    expect([cache.choose(1).value, cache.choose(2.25).value, cache.choose(2.26).value]).toEqual([
      2, 2.25, 2.5,
    ]);
    expect(cache.warn?.(2)).toEqual([]);
  });

  it("the catalogue's classes have what they need to be chosen by", () => {
    const names = catalogue.classes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const one of catalogue.classes) expect(one.maxConnections).toBeGreaterThan(0);
  });
});

describe("a line of a cache", () => {
  const used = { ...levels(2 * GIB, 6 * GIB), unit: "bytes" as const };
  const keys = { ...levels(1_000_000, 3_000_000), unit: "count" as const, operators: 4_000_000 };
  const rule = { demand: "keys", gibibytes: { each: 1_000_000, gives: 3, atLeast: 1, rounding: "none" } };

  it("Redis on managed nodes: × 1.1, over 75% × 80%", () => {
    const params = { used: "used", class: "cache.r6g.large", nodes: 3, families: ["cache.r6g"], rule };
    expect(lineOf("redis-memory", params, contextWith({ demands: { used, keys } }))).toMatchInlineSnapshot(`
      "13.07 3 × cache.r6g.large → 13.07 3 × cache.r6g.large GiB per node, by 0, grows to null
      needs 11 to 12.100000000000001, for memory
      one takes 7.129090909090909 GiB of data per node, documented
      holds up to used 7654800000
      does not run out, order by null
      operators: 12 by max(1, 3 × keys / 1000000) with keys = 4000000
      why: 2 GiB in use, 6.6 GiB at p90 of the horizon
      why: × 1.1 fragmentation, 25% of a node reserved, at most 80% of the rest in use: 1.83 GiB of node per GiB of data
      why: rule on keys would need 9.9 GiB per node (the operators' rule, no measurement): documented: 3 GiB per 1000000 of keys, at least 1
      why: catalogue of 2026-11-01
      why: as the profile says"
    `);
  });

  it("Redis of one's own: at most 80% of maxmemory", () => {
    const params = { used: "used", maxmemory: "4GiB" };
    expect(lineOf("redis-memory", params, contextWith({ demands: { used } }))).toMatchInlineSnapshot(`
      "4 null → 8.25 null GiB maxmemory, by 4.25, grows to null
      needs 7.5 to 8.25, for memory
      one takes 3.2 GiB of data, documented
      holds up to used 3435970000
      runs out 2024-10-07, 2024-10-07, 2024-10-08, order by 2024-10-04
      operators: undefined by undefined
      why: 2 GiB in use, 6.6 GiB at p90 of the horizon
      why: at most 80% of maxmemory in use; the host needs 1.1 × the data while it writes to disk
      why: as the profile says"
    `);
  });

  it("WiredTiger: 6 and 6.6 GiB over 80% are 7.5 and 8.25", () => {
    const params = { used: "used", current: "4GiB" };
    expect(lineOf("mongodb-cache", params, contextWith({ demands: { used } }))).toMatchInlineSnapshot(`
      "4 null → 4 9 GiB host for it by default GiB of cache, by 0, grows to null
      needs 4 to 4, for cache
      one takes 4 GiB, filled by design, documented
      holds up to 
      does not run out, order by null
      operators: undefined by undefined
      why: it is not full: nothing that was read has been thrown out for want of room; its fill is no demand and has no date
      why: 2 GiB cached; WiredTiger evicts from 80% on
      why: as the profile says"
    `);
  });
});

describe("a Redis by the operators' rule", () => {
  const used = { ...levels(GIB, 2 * GIB), unit: "bytes" as const };
  const keys = { ...levels(1_000_000, 3_000_000), unit: "count" as const };
  const rule = { demand: "keys", gibibytes: { each: 1_000_000, gives: 3 } };
  const params = { used: "used", maxmemory: "4GiB", copyOnWrite: 0.5, rule };

  it("that leads: 3 GiB for a million keys", () => {
    expect(lineOf("redis-memory", params, contextWith({ demands: { used, keys } }))).toMatchInlineSnapshot(`
      "4 null → 4 null GiB maxmemory, by 0, grows to null
      needs 2.5 to 2.75, for memory
      one takes 3.2 GiB of data, documented
      holds up to used 3435970000
      does not run out, order by null
      operators: null by ⌈3 × keys / 1000000⌉
      why: 1 GiB in use, 2.2 GiB at p90 of the horizon
      why: at most 80% of maxmemory in use; the host needs 1.65 × the data while it writes to disk
      why: rule on keys would need 9.9 GiB maxmemory (the operators' rule, no measurement): documented: 3 GiB per 1000000 of keys, at least 0
      why: as the profile says"
    `);
  });

  it("on a Redis of one's own the host needs room for what is rewritten meanwhile", () => {
    const made = sized("redis-memory", params, contextWith({ demands: { used, keys } }));
    expect(lead(made).why[1]).toBe(
      "at most 80% of maxmemory in use; the host needs 1.65 × the data while it writes to disk",
    );
  });

  it("that has no history is refused: it might lead", () => {
    expect(size("redis-memory", params, contextWith({ demands: { used } }))).toEqual({
      refused: "keys: no history",
    });
  });
});
