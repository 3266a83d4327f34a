import { describe, expect, it } from "vitest";
import type { MetricRow } from "../../src/model/metric-row.ts";
import { canonicalRun, client, ERRORS, METRICS, thresholds } from "../canonical.ts";
import { verdictOf } from "./verdict-of.ts";

describe("counters", () => {
  it("are counted by what was added, or per second, not by how often", () => {
    const bytes: MetricRow = { metric: "bytes", tags: {}, type: "counter", samples: 10, count: 6000 };
    const run = canonicalRun({}, [...METRICS, bytes]);
    const observed = (kind: "count" | "rate") => {
      const criterion = client({ metric: "bytes", stat: { kind }, bound: { operator: "<=", value: 9999 } });
      return verdictOf(run, thresholds([criterion, ERRORS])).criteria[0]?.observed;
    };
    expect([observed("count"), observed("rate")]).toEqual([6000, 100]);
  });

  const counter = (metric: string, count: number): MetricRow => ({
    metric,
    tags: {},
    type: "counter",
    samples: count,
    count,
  });
  it.each([
    ["dropped_iterations", 0, "pass"],
    ["dropped_iterations", 1, "fail"],
    ["checkout_failures", 0, "pass"],
    ["http_reqs", 0, "no-data"],
    ["iterations", 0, "no-data"],
  ] as const)("none of %s counted: %i is %s", (metric, count, status) => {
    const none = client({
      metric,
      tags: {},
      phase: null,
      stat: { kind: "count" },
      bound: { operator: "<=", value: 0 },
    });
    const run = canonicalRun({}, [...METRICS.filter((row) => row.metric !== metric), counter(metric, count)]);
    expect(verdictOf(run, thresholds([none, ERRORS])).criteria[0]?.status).toBe(status);
  });
});
