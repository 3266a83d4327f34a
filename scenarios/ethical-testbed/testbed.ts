import type { Testbed } from "../lib/testbed.ts";

const testbed: Testbed = {
  // 3 replicas of 2 uvicorn workers with 4 threads each.
  workers: 24,
  metricsPath: "/api/metrics",
  endpoints: {
    page: { medianMs: 4, p95Ms: 12 },
    health: { medianMs: 8, p95Ms: 20, answer: () => ({ body: { status: "healthy" } }) },
    parameters: {
      medianMs: 15,
      p95Ms: 40,
      answer: () => ({ body: { frameworks: ["virtue", "deontological", "consequentialist"] } }),
    },
    ready: { medianMs: 6, p95Ms: 18 },
    status: { medianMs: 10, p95Ms: 30 },
    evaluate: { medianMs: 380, p95Ms: 600, answer: () => ({ body: { overall_ethical: true, scores: {} } }) },
  },
  metrics: [
    { name: "http_requests_total", type: "requests", by: ["status"] },
    { name: "http_request_duration_seconds", type: "durations", by: ["status"] },
    {
      name: "container_cpu_usage_seconds_total",
      type: "counter",
      labels: { container: "backend" },
      value: ({ busySeconds }) => busySeconds * 0.3,
    },
    {
      name: "container_spec_cpu_quota",
      type: "gauge",
      labels: { container: "backend" },
      value: () => 800_000,
    },
    {
      name: "container_spec_cpu_period",
      type: "gauge",
      labels: { container: "backend" },
      value: () => 100_000,
    },
    {
      name: "container_memory_usage_bytes",
      type: "gauge",
      labels: { container: "backend" },
      value: ({ inFlight }) => 9e9 + inFlight * 5e6,
    },
    {
      name: "container_spec_memory_limit_bytes",
      type: "gauge",
      labels: { container: "backend" },
      value: () => 32 * 1024 ** 3,
    },
    { name: "redis_keyspace_hits_total", type: "counter", value: ({ requests }) => requests * 0.97 },
    { name: "redis_keyspace_misses_total", type: "counter", value: ({ requests }) => requests * 0.03 },
    {
      name: "mongodb_mongod_op_latencies_latency_total",
      type: "counter",
      value: ({ requests }) => requests * 1800,
    },
    { name: "mongodb_mongod_op_latencies_ops_total", type: "counter", value: ({ requests }) => requests },
  ],
};

export default testbed;
