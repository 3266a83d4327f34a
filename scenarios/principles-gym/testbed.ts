import type { Testbed } from "../lib/testbed.ts";

const testbed: Testbed = {
  workers: 32,
  endpoints: {
    health: { medianMs: 3, p95Ms: 9 },
    "training-start": {
      medianMs: 140,
      p95Ms: 300,
      answer: () => ({
        status: 202,
        body: { session_id: Math.random().toString(36).slice(2, 10), status: "queued" },
      }),
    },
    "training-status": {
      medianMs: 15,
      p95Ms: 50,
      answer: ({ params }) =>
        params.session === "none"
          ? { status: 404, body: { detail: "unknown session" } }
          : { body: { session_id: params.session, status: "running" } },
    },
    "report-generate": {
      medianMs: 220,
      p95Ms: 420,
      answer: () => ({ status: 202, body: { report_id: Math.random().toString(36).slice(2, 10) } }),
    },
    report: {
      medianMs: 8,
      p95Ms: 30,
      answer: ({ params }) => ({ body: { report_id: params.report, principles: [] } }),
    },
  },
  metrics: [
    { name: "api_requests_total", type: "requests", by: ["status"] },
    { name: "api_response_time_seconds", type: "durations" },
    { name: "request_queue_depth", type: "gauge", value: ({ queued }) => queued },
    { name: "database_pool_size", type: "gauge", value: () => 30 },
    {
      name: "database_pool_checkedout",
      type: "gauge",
      value: ({ busyWorkers }) => Math.min(30, Math.ceil(busyWorkers / 2)),
    },
    { name: "process_resident_memory_bytes", type: "gauge", value: ({ inFlight }) => 1.2e9 + inFlight * 2e6 },
    { name: "node_memory_MemTotal_bytes", type: "gauge", value: () => 8 * 1024 ** 3 },
    {
      name: "node_cpu_seconds_total",
      type: "counter",
      labels: { mode: "user", cpu: "0" },
      value: ({ busySeconds, workers }) => busySeconds / workers,
    },
    {
      name: "node_cpu_seconds_total",
      type: "counter",
      labels: { mode: "idle", cpu: "0" },
      value: ({ busySeconds, workers, uptimeSeconds }) => Math.max(0, uptimeSeconds - busySeconds / workers),
    },
    { name: "redis_keyspace_hits_total", type: "counter", value: ({ requests }) => requests * 0.93 },
    { name: "redis_keyspace_misses_total", type: "counter", value: ({ requests }) => requests * 0.07 },
    { name: "pg_replication_lag_seconds", type: "gauge", value: () => 0.05 },
    { name: "active_agents", type: "gauge", value: ({ inFlight }) => 40 + inFlight },
  ],
};

export default testbed;
