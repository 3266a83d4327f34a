import type { Testbed } from "../lib/testbed.ts";

/** As cAdvisor names it: the Deployment's pod, its container, its namespace. */
const POD = { namespace: "production", pod: "ralph-orchestrator-0", container: "ralph" };

const testbed: Testbed = {
  workers: 24,
  endpoints: {
    health: {
      medianMs: 10,
      p95Ms: 30,
      answer: () => ({
        body: {
          status: "healthy",
          checks: { database: true, redis: true, disk: true, memory: true },
        },
      }),
    },
    "orchestration-start": {
      medianMs: 90,
      p95Ms: 220,
      answer: () => ({
        status: 201,
        body: { task_id: `task-${Math.random().toString(36).slice(2, 10)}`, status: "queued" },
      }),
    },
    orchestration: {
      medianMs: 18,
      p95Ms: 60,
      answer: ({ params }) =>
        params.task?.startsWith("task-")
          ? { body: { task_id: params.task, agent_type: "claude", status: "running" } }
          : { status: 404, body: { detail: "unknown task" } },
    },
    orchestrations: { medianMs: 35, p95Ms: 110, answer: () => ({ body: { items: [] } }) },
  },
  metrics: [
    { name: "ralph_requests_total", type: "requests", by: ["status"] },
    { name: "ralph_errors_total", type: "counter", value: ({ failed }) => failed },
    { name: "ralph_tasks_running", type: "gauge", value: ({ inFlight }) => 12 + inFlight },
    { name: "ralph_task_duration_seconds", type: "gauge", value: () => 1800 },
    {
      name: "container_memory_usage_bytes",
      type: "gauge",
      labels: POD,
      value: ({ inFlight }) => 3e9 + inFlight * 4e6,
    },
    { name: "container_spec_memory_limit_bytes", type: "gauge", labels: POD, value: () => 8 * 1024 ** 3 },
  ],
  past: {
    growth: 0.4,
    metrics: [
      { name: "ralph_tasks_running", type: "gauge", follows: "traffic", idle: 4, level: 30 },
      {
        name: "ralph_requests_total",
        labels: { status: "200" },
        type: "counter",
        follows: "traffic",
        level: 12,
      },
      {
        name: "container_cpu_usage_seconds_total",
        labels: POD,
        type: "counter",
        follows: "traffic",
        idle: 0.2,
        level: 3.9,
      },
      {
        name: "container_memory_usage_bytes",
        labels: POD,
        replicas: 3,
        type: "gauge",
        follows: "traffic",
        idle: 1.1e9,
        level: 2.9e9,
      },
      {
        name: "pg_stat_database_numbackends",
        labels: { datname: "ralph_prod" },
        type: "gauge",
        follows: "traffic",
        idle: 15,
        level: 70,
      },
      {
        name: "pg_database_size_bytes",
        labels: { datname: "ralph_prod" },
        type: "gauge",
        follows: "time",
        level: 48e9,
        growth: 0.5,
      },
      { name: "redis_memory_used_bytes", type: "gauge", follows: "traffic", idle: 9e8, level: 1.4e9 },
      { name: "redis_connected_clients", type: "gauge", follows: "traffic", idle: 12, level: 60 },
    ],
  },
};

export default testbed;
