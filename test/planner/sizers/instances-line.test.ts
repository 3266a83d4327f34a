import { describe, expect, it } from "vitest";
import { contextWith, levels, lineOf } from "./context.ts";

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
      "4 null → 4 null instances, by 0, grows to null
      needs 5 to 6, for CPU
      one takes 500 requests/s per instance, documented
      holds up to 
      does not run out, order by null
      operators: 5 by max(2, ⌊requests / 500⌋) with requests = 2600
      why: CPU: one instance per 500 of requests as documented, at least 2
      why: redundancy: 1 more, so that one may fail
      why: the rule asks for 6 instances, no measurement does: 4 is kept until one is there
      why: as the profile says"
    `);
  });
});
