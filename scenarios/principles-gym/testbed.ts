import type { Testbed } from "../lib/testbed.ts";

const testbed: Testbed = {
  // Three instances.
  workers: 48,
  endpoints: {
    health: { medianMs: 3, p95Ms: 9 },
    "training-start": {
      medianMs: 140,
      p95Ms: 300,
      answer: () => ({
        status: 202,
        body: { session_id: `session-${Math.random().toString(36).slice(2, 10)}`, status: "queued" },
      }),
    },
    "training-status": {
      medianMs: 15,
      p95Ms: 50,
      answer: ({ params }) =>
        params.session?.startsWith("session-")
          ? { body: { session_id: params.session, status: "running" } }
          : { status: 404, body: { detail: "unknown session" } },
    },
    "report-generate": {
      medianMs: 220,
      p95Ms: 420,
      answer: () => ({
        status: 202,
        body: { report_id: `report-${Math.random().toString(36).slice(2, 10)}` },
      }),
    },
    report: {
      medianMs: 8,
      p95Ms: 30,
      answer: ({ params }) =>
        params.report?.startsWith("report-")
          ? { body: { report_id: params.report, principles: [] } }
          : { status: 404, body: { detail: "unknown report" } },
    },
  },
  metrics: [
    { name: "api_requests_total", type: "requests", by: ["status"] },
    { name: "api_response_time_seconds", type: "durations" },
    { name: "request_queue_depth", type: "gauge", value: ({ queued }) => queued },
    { name: "training_sessions_active", type: "gauge", value: ({ inFlight }) => 20 + inFlight },
    { name: "celery_queue_length", type: "gauge", labels: { queue_name: "high" }, value: () => 0 },
    { name: "celery_queue_length", type: "gauge", labels: { queue_name: "normal" }, value: () => 6 },
    { name: "celery_queue_length", type: "gauge", labels: { queue_name: "batch" }, value: () => 30 },
    { name: "database_pool_size", type: "gauge", value: () => 30 },
    {
      name: "database_pool_checkedout",
      type: "gauge",
      value: ({ busyWorkers }) => Math.min(30, Math.ceil(busyWorkers / 2)),
    },
    { name: "process_resident_memory_bytes", type: "gauge", value: ({ inFlight }) => 1.2e9 + inFlight * 2e6 },
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
  past: {
    growth: 0.3,
    metrics: [
      {
        name: "api_requests_total",
        labels: { status: "200" },
        type: "counter",
        follows: "traffic",
        level: 900,
      },
      { name: "active_agents", type: "gauge", follows: "traffic", idle: 600, level: 2400 },
      {
        name: "process_cpu_seconds_total",
        labels: { job: "principles-gym-api" },
        type: "counter",
        follows: "traffic",
        idle: 0.1,
        level: 4.9,
      },
      {
        name: "process_resident_memory_bytes",
        labels: { job: "principles-gym-api" },
        replicas: 3,
        type: "gauge",
        follows: "traffic",
        idle: 2.1e9,
        level: 1.6e9,
      },
      { name: "database_pool_checkedout", type: "gauge", follows: "traffic", idle: 6, level: 38 },
      {
        name: "pg_stat_database_xact_commit",
        labels: { datname: "principles_gym" },
        type: "counter",
        follows: "traffic",
        level: 3600,
      },
      {
        name: "pg_database_size_bytes",
        labels: { datname: "principles_gym" },
        type: "gauge",
        follows: "time",
        level: 270e9,
        growth: 0.4,
      },
      {
        name: "node_disk_reads_completed_total",
        labels: { role: "database" },
        type: "counter",
        follows: "traffic",
        level: 2100,
      },
      {
        name: "node_disk_writes_completed_total",
        labels: { role: "database" },
        type: "counter",
        follows: "traffic",
        level: 1700,
      },
      { name: "redis_memory_used_bytes", type: "gauge", follows: "traffic", idle: 1.2e9, level: 2.6e9 },
    ],
  },
};

export default testbed;
