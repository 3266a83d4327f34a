import { describe, expect, it } from "vitest";
import { defaultMaxConnections } from "../../../src/planner/catalogue.ts";
import { usableConnections } from "../../../src/planner/sizers/connections.ts";
import { sizers } from "../../../src/planner/sizers/index.ts";
import { catalogue, contextWith, lead, levels, lineOf, size, sized } from "./context.ts";
import { EXAMPLES } from "./examples.ts";

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

  // 200 connections, three reserved: 197. Pools of 60 fit three instances; an update of three runs a fourth.
  it("tells the worst case with its cures, the cheapest first, and dates nothing by it", () => {
    const made = sized(
      "connections",
      EXAMPLES.connections?.params,
      contextWith({ resources: { api: levels(3, 5) } }),
    );
    expect(lead(made)).toMatchObject({ evidence: "rule" });
    expect([3, 4].map((count) => lead(made).need(count))).toEqual([243, 303]);
    expect(made.latent?.(0)).toEqual([
      {
        what: "from instance 3 on, full pools of 60 and a rolling update pass 197 connections; 5 instances (7 while a rolling update runs) could open 420",
        need: 423,
        cures: [
          // ⌊197 / (6 + 2)⌋: six instances at p90, two more during an update.
          "pools of 24 instead of 60 per instance, which fit up to 6 instances",
          "a pooler between (PgBouncer in transaction mode, RDS Proxy)",
          "max_connections 423, about 4.13 GiB when all are open",
        ],
      },
    ]);
    expect(made.warn?.(0)).toEqual([]);
  });

  // What runs on plan today: 94 of 200 are open, 125 at p90; ten instances could open 550.
  it("recommends pools that hold what is open, as far as instances fit", () => {
    const open = { ...levels(94, 113.6), unit: "count" as const };
    const context = contextWith({ resources: { api: levels(5, 5.4) }, demands: { open } });
    const params = {
      instances: "api",
      pool: 50,
      maxConnections: 200,
      surge: 1,
      scaleOut: 10,
      observed: "open",
    };
    const made = sized("connections", params, context);
    // 125 / 80% / 6 = 26 an instance; ⌊197 / 7⌋ = 28 hold them, ⌊197 / 8⌋ = 24 would not.
    expect(made.pool).toEqual({ instances: "api", current: 50, recommended: 28, upTo: 6 });
    expect(lineOf("connections", params, context)).toContain("does not run out");
    // Too much is open for any pool: then smaller ones are no cure.
    const crowded = contextWith({ resources: { api: levels(5, 5.4) }, demands: { open: levels(180, 185) } });
    expect(sized("connections", params, crowded).latent?.(0)[0]?.cures).toHaveLength(2);
  });

  it("bounds how far the instances may grow, with a pool for each process", () => {
    const bound = (given: object) => {
      const { connections } = sizers;
      const params = { instances: "api", pool: 50, maxConnections: 200, scaleOut: 10, ...given };
      return connections?.bounds?.(connections.params.parse(params), catalogue)[0]?.most;
    };
    expect([{}, { surge: 1 }, { surge: "25%" }, { processes: 4 }, { pool: 15 }].map(bound)).toEqual([
      3, 2, 2, 0, 13,
    ]);
  });

  it("sets a class's default to what the pools can open, because work_mem is divided by it", () => {
    const open = { ...levels(60, 77), unit: "count" as const };
    const params = {
      instances: "api",
      pool: 30,
      class: "db.r6g.xlarge",
      surge: "25%",
      scaleOut: 10,
      observed: "open",
    };
    const context = contextWith({ resources: { api: levels(3, 5) }, demands: { open } });
    const made = sized("connections", params, context);
    expect(made.current).toBe(3604);
    // (10 + 3) × 30 + 3 = 393.
    expect(made.choose(100).value).toBe(400);
  });

  it("is quiet where full scale-out fits", () => {
    const params = { instances: "api", pool: 30, class: "db.r6g.xlarge", surge: "25%", scaleOut: 10 };
    const made = sized("connections", params, contextWith({ resources: { api: levels(3, 5) } }));
    expect(made.latent?.(300)).toEqual([]);
  });
});

describe("a line of a database", () => {
  const api = levels(4, 10);

  it("connections: ⌈11⌉ instances and three more of an update × 20 are 280, over 80% and three", () => {
    const open = { ...levels(100, 190), unit: "count" as const };
    const params = {
      instances: "api",
      pool: 20,
      maxConnections: 200,
      surge: "25%",
      scaleOut: 12,
      observed: "open",
    };
    const context = contextWith({ resources: { api }, demands: { open } });
    expect(lineOf("connections", params, context)).toMatchInlineSnapshot(`
      "200 null → 265 null connections, by 65, grows to null
      needs 240.5 to 264.25, for open connections
      one takes 157 connections of 200, 3 reserved, 80% of the rest, documented
      holds up to open 157.6
      runs out 2024-10-09, 2024-10-10, 2024-10-12, order by 2024-10-06
      operators: undefined by undefined
      why: 100 are open in the busy hour, 209 at p90 of the horizon
      why: at full scale-out 12 instances × 20 = 240 connections, 300 while a rolling update runs, against 197 of 200
      why: as the profile says"
    `);
  });

  it("connections of a class, without rolling updates", () => {
    const params = { instances: "api", pool: 20, class: "db.t3.large", scaleOut: 12 };
    expect(lineOf("connections", params, contextWith({ resources: { api } }))).toMatchInlineSnapshot(`
      "901 db.t3.large → 901 db.t3.large connections, by 0, grows to null
      needs 203 to 223, for connection pools
      one takes 898 connections of 901, 3 reserved, documented
      holds up to 
      does not run out, order by null
      operators: undefined by undefined
      why: no signal shows the connections that are open; all pools full, they are 220 at the horizon
      why: no measurement asks for another size: 901 connections is kept
      why: at full scale-out 12 instances × 20 = 240 connections, against 898 of 901
      why: as the profile says"
    `);
  });

  it("a class by CPU, by rule and by connections", () => {
    const params = {
      current: "db.r6g.large",
      families: ["db.r6g"],
      cpu: "cpu",
      rule: { demand: "requests", rule: { each: 250, gives: 2, rounding: "up" } },
      connections: "api",
    };
    const context = contextWith({
      demands: {
        cpu: { ...levels(1, 3.5), unit: "cores" },
        requests: { ...levels(100, 700), operators: 800 },
      },
      resources: { api: levels(1000, 2000) },
    });
    expect(lineOf("database-class", params, context)).toMatchInlineSnapshot(`
      "2 db.r6g.large → 8 db.r6g.2xlarge vCPU, by 6, grows to null
      needs 5 to 5.500000000000001, for CPU
      one takes 1.4 cores in use, inferred
      holds up to cpu 1.4
      runs out 2024-10-05, 2024-10-06, 2024-10-07, order by 2024-10-04
      operators: 7 by ⌈2 × requests / 250⌉ with requests = 800
      why: CPU: 3.85 cores in use at p90 of the horizon, 70% of the vCPUs may be
      why: rule on requests would need 7 vCPU (the operators' rule, no measurement): documented: 2 vCPU per 250 of requests, at least 0; 770 at p90 of the horizon
      why: connections would need 4 vCPU: connections: 2200 needed at p90 of the horizon, as default of the class
      why: catalogue of 2026-11-01: db.r6g.large has 2 vCPU, 16 GiB, 1802 connections by default
      why: as the profile says"
    `);
  });

  it("read replicas by the operators' rule", () => {
    const params = {
      demand: "reads",
      what: "read queries",
      current: 2,
      unit: "replicas",
      rule: { each: 5000, gives: 2, atLeast: 1, rounding: "down-plus-one" },
    };
    const reads = { ...levels(3000, 9000), operators: 12_000 };
    expect(lineOf("rule", params, contextWith({ demands: { reads } }))).toMatchInlineSnapshot(`
      "2 null → 2 null replicas, by 0, grows to null
      needs 4 to 4, for read queries
      one takes 2500 per-second each, documented
      holds up to 
      does not run out, order by null
      operators: 5 by max(1, ⌊2 × reads / 5000⌋ + 1) with reads = 12000
      why: 2 per 5000 of reads, at least 1, rounded up: 9900 at p90 of the horizon
      why: the rule asks for 4 replicas, no measurement does: 2 is kept until one is there
      why: as the profile says"
    `);
  });
});

describe("a database's class", () => {
  const CLASS = { current: "db.r6g.large", families: ["db.r6g"] };
  const cpu = { ...levels(1, 1.9), unit: "cores" as const };

  it("by CPU alone: 1.9 and 2.09 cores at 70% are 2.7 and 3", () => {
    expect(
      lineOf("database-class", { ...CLASS, cpu: "cpu" }, contextWith({ demands: { cpu } })),
    ).toMatchInlineSnapshot(`
      "2 db.r6g.large → 4 db.r6g.xlarge vCPU, by 2, grows to null
      needs 2.7142857142857144 to 2.9857142857142858, for CPU
      one takes 1.4 cores in use, inferred
      holds up to cpu 1.4
      runs out 2024-10-07, 2024-10-09, 2024-10-10, order by 2024-10-04
      operators: undefined by undefined
      why: CPU: 2.09 cores in use at p90 of the horizon, 70% of the vCPUs may be
      why: catalogue of 2026-11-01: db.r6g.large has 2 vCPU, 16 GiB, 1802 connections by default
      why: as the profile says"
    `);
  });

  it("by connections alone: 2,200 fit the second, and what fits none the largest does not take either", () => {
    const params = { ...CLASS, connections: "pools" };
    const line = (to: number) =>
      lineOf("database-class", params, contextWith({ resources: { pools: levels(1000, to) } }));
    expect(line(2000)).toMatchInlineSnapshot(`
      "2 db.r6g.large → 4 db.r6g.xlarge vCPU, by 2, grows to null
      needs 4 to 4, for connections
      one takes 100 connections by default, documented
      holds up to 
      runs out 2024-10-10, 2024-10-12, null, order by 2024-10-07
      operators: undefined by undefined
      why: connections: 2200 needed at p90 of the horizon, as default of the class
      why: catalogue of 2026-11-01: db.r6g.large has 2 vCPU, 16 GiB, 1802 connections by default
      why: as the profile says"
    `);
    expect(line(6000)).toMatchInlineSnapshot(`
      "2 db.r6g.large → 64 db.r6g.16xlarge vCPU, by 62, grows to null
      needs 64 to 64, for connections
      one takes 100 connections by default, documented
      holds up to 
      runs out 2024-10-06, 2024-10-06, 2024-10-06, order by 2024-10-04
      operators: undefined by undefined
      why: connections: 6600 needed at p90 of the horizon, as default of the class
      why: catalogue of 2026-11-01: db.r6g.large has 2 vCPU, 16 GiB, 1802 connections by default
      why: as the profile says
      ! no class of db.r6g has 64 vCPU and 6600 connections: shard, cache or add replicas"
    `);
  });

  it("by rule alone", () => {
    const params = { ...CLASS, rule: { demand: "d", rule: { each: 100 } } };
    const made = sized("database-class", params, contextWith({ demands: { d: levels(100, 190) } }));
    // A need that is a rounding error above two is two.
    expect([made.choose(2 + 1e-10), made.choose(2.01)].map(({ value }) => value)).toEqual([2, 4]);
    expect(lead(made).need(200 + 1e-9)).toBe(2);
    expect(size("database-class", params, contextWith({}))).toEqual({ refused: "d: no history" });
  });

  it("connections that just fit at full scale-out are enough", () => {
    const params = (pool: number) => ({ instances: "api", pool, maxConnections: 123, scaleOut: 10 });
    const context = contextWith({ resources: { api: levels(1, 2) } });
    expect(sized("connections", params(12), context).latent?.(1)).toEqual([]);
    expect(sized("connections", params(13), context).latent?.(1)).toHaveLength(1);
  });
});
