import type { Testbed } from "../lib/testbed.ts";

const APP = { container: "pynomaly" };

const testbed: Testbed = {
  workers: 96,
  endpoints: {
    login: {
      medianMs: 80,
      p95Ms: 160,
      answer: ({ body }) =>
        (body as { email?: string } | undefined)?.email
          ? { body: { access_token: Math.random().toString(36).slice(2), token_type: "bearer" } }
          : { status: 422, body: { detail: "email is required" } },
    },
    logout: { medianMs: 10, p95Ms: 30 },
    health: { medianMs: 5, p95Ms: 15, answer: () => ({ body: { status: "ok" } }) },
    detectors: {
      medianMs: 25,
      p95Ms: 70,
      answer: () => ({ body: { detectors: ["isolation_forest", "lof"] } }),
    },
    detect: {
      medianMs: 120,
      p95Ms: 350,
      answer: ({ body }) => {
        const data = (body as { data?: unknown[] } | undefined)?.data ?? [];
        return { body: { results: data.map((_, row) => ({ row, anomaly: row === 2 })) } };
      },
    },
  },
  metrics: [
    { name: "http_requests_total", type: "requests", by: ["method", "status"] },
    { name: "http_request_duration_seconds", type: "durations" },
    {
      name: "container_cpu_usage_seconds_total",
      type: "counter",
      labels: APP,
      value: ({ busySeconds }) => busySeconds * 0.01,
    },
    {
      name: "container_memory_usage_bytes",
      type: "gauge",
      labels: APP,
      value: ({ inFlight }) => 7e8 + inFlight * 1e6,
    },
    { name: "container_spec_memory_limit_bytes", type: "gauge", labels: APP, value: () => 2 * 1024 ** 3 },
    { name: "pynomaly_active_connections", type: "gauge", value: ({ inFlight }) => inFlight },
    {
      name: "pg_stat_database_numbackends",
      type: "gauge",
      labels: { datname: "pynomaly" },
      value: ({ busyWorkers }) => 10 + Math.min(60, busyWorkers),
    },
    { name: "pg_stat_statements_mean_time_ms", type: "gauge", value: () => 14 },
    { name: "redis_memory_used_bytes", type: "gauge", value: ({ requests }) => 4e8 + (requests % 1e6) * 10 },
    { name: "redis_memory_max_bytes", type: "gauge", value: () => 3.09 * 1024 ** 3 },
    {
      name: "redis_connected_clients",
      type: "gauge",
      value: ({ busyWorkers }) => 12 + Math.ceil(busyWorkers / 4),
    },
  ],
  past: {
    growth: 0.35,
    metrics: [
      {
        name: "http_requests_total",
        labels: { job: "pynomaly-app", method: "POST", status: "200" },
        type: "counter",
        follows: "traffic",
        level: 95,
      },
      {
        name: "container_cpu_usage_seconds_total",
        labels: APP,
        type: "counter",
        follows: "traffic",
        idle: 0.03,
        level: 1.6,
      },
      {
        name: "container_memory_usage_bytes",
        labels: APP,
        replicas: 3,
        type: "gauge",
        follows: "traffic",
        idle: 9e8,
        level: 3.5e8,
      },
      {
        name: "pg_stat_database_numbackends",
        labels: { datname: "pynomaly" },
        type: "gauge",
        follows: "traffic",
        idle: 20,
        level: 55,
      },
      {
        name: "pg_database_size_bytes",
        labels: { datname: "pynomaly" },
        type: "gauge",
        follows: "time",
        level: 61e9,
        growth: 0.3,
      },
      { name: "redis_memory_used_bytes", type: "gauge", follows: "traffic", idle: 6e8, level: 5e8 },
      { name: "redis_connected_clients", type: "gauge", follows: "traffic", idle: 18, level: 42 },
    ],
  },
};

export default testbed;
