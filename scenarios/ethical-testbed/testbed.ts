import type { Testbed } from "../lib/testbed.ts";

const testbed: Testbed = {
  // 3 replicas of 2 uvicorn workers with 4 threads each.
  workers: 24,
  metricsPath: "/api/metrics",
  endpoints: {
    page: { medianMs: 4, p95Ms: 12 },
    health: {
      medianMs: 8,
      p95Ms: 20,
      answer: () => ({
        body: {
          status: "healthy",
          version: "1.2.0",
          orchestrator_healthy: true,
          database_connected: true,
          cache_status: "operational",
        },
      }),
    },
    parameters: {
      medianMs: 15,
      p95Ms: 40,
      answer: () => ({ body: { frameworks: ["virtue", "deontological", "consequentialist"] } }),
    },
    evaluate: { medianMs: 380, p95Ms: 600, answer: () => ({ body: { overall_ethical: true, scores: {} } }) },
  },
  metrics: [
    { name: "http_requests_total", type: "requests", by: ["status"] },
    { name: "http_request_duration_seconds", type: "durations", by: ["status", "endpoint"] },
    {
      name: "container_cpu_usage_seconds_total",
      type: "counter",
      labels: { container: "ethical-ai" },
      value: ({ busySeconds }) => busySeconds * 0.3,
    },
    {
      name: "container_spec_cpu_quota",
      type: "gauge",
      labels: { container: "ethical-ai" },
      value: () => 800_000,
    },
    {
      name: "container_spec_cpu_period",
      type: "gauge",
      labels: { container: "ethical-ai" },
      value: () => 100_000,
    },
    {
      name: "container_memory_usage_bytes",
      type: "gauge",
      labels: { container: "ethical-ai" },
      value: ({ inFlight }) => 9e9 + inFlight * 5e6,
    },
    {
      name: "container_spec_memory_limit_bytes",
      type: "gauge",
      labels: { container: "ethical-ai" },
      value: () => 32 * 1024 ** 3,
    },
    { name: "mongodb_up", type: "gauge", value: () => 1 },
    { name: "redis_keyspace_hits_total", type: "counter", value: ({ requests }) => requests * 0.97 },
    { name: "redis_keyspace_misses_total", type: "counter", value: ({ requests }) => requests * 0.03 },
    {
      name: "mongodb_mongod_op_latencies_latency_total",
      type: "counter",
      value: ({ requests }) => requests * 1800,
    },
    { name: "mongodb_mongod_op_latencies_ops_total", type: "counter", value: ({ requests }) => requests },
  ],
  past: {
    growth: 0.25,
    metrics: [
      {
        name: "http_request_duration_seconds_count",
        labels: { status: "200" },
        type: "counter",
        follows: "traffic",
        level: 190,
      },
      {
        name: "container_cpu_usage_seconds_total",
        labels: { container: "ethical-ai" },
        type: "counter",
        follows: "traffic",
        idle: 0.05,
        level: 1.7,
      },
      {
        name: "container_memory_usage_bytes",
        labels: { container: "ethical-ai" },
        replicas: 3,
        type: "gauge",
        follows: "traffic",
        idle: 2.4e9,
        level: 9e8,
      },
      {
        name: "mongodb_ss_wt_cache_bytes_currently_in_the_cache",
        replicas: 3,
        type: "gauge",
        follows: "time",
        level: 1.05e9,
        growth: 0.3,
      },
      { name: "redis_memory_used_bytes", type: "gauge", follows: "traffic", idle: 1.1e9, level: 8e8 },
      {
        name: "node_filesystem_size_bytes",
        labels: { mountpoint: "/" },
        type: "gauge",
        follows: "time",
        level: 214e9,
        growth: 0,
      },
      {
        name: "node_filesystem_avail_bytes",
        labels: { mountpoint: "/" },
        type: "gauge",
        follows: "time",
        level: 120e9,
        growth: -0.25,
      },
    ],
  },
};

export default testbed;
