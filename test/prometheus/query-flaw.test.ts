import { describe, expect, it } from "vitest";
import { findQueryFlaw } from "../../src/prometheus/query-flaw.ts";

describe("a query that says nothing of a run", () => {
  it.each([
    ["1 - 2", { kind: "constant" }],
    ["time()", { kind: "constant" }],
    ["sum(requests_total)", { kind: "counter-without-rate", metric: "requests_total" }],
    ["rate(a_total[1m]) / b_total", { kind: "counter-without-rate", metric: "b_total" }],
    ["histogram_quantile(0.9, latency_bucket)", { kind: "counter-without-rate", metric: "latency_bucket" }],
  ])("%s", (query, flaw) => expect(findQueryFlaw(query)).toEqual(flaw));

  it.each([
    "max(up)",
    "sum(rate(requests_total[1m]))",
    "sum(increase(requests_total[$window])) / sum(increase(all_total[$window]))",
    "histogram_quantile(0.95, sum by (le) (rate(latency_bucket[1m])))",
    "max_over_time(rate(requests_total[1m])[5m:10s])",
    "max_over_time(really_a_gauge_total[1m])",
    "count(requests_total)",
    "absent(requests_total)",
    "pg_stat_activity_count",
    "sum(rate(requests_total[1m] offset 5m))",
  ])("%s has none", (query) => expect(findQueryFlaw(query)).toBeNull());
});
