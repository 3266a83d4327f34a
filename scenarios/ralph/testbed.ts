import type { Testbed } from "../lib/testbed.ts";

const POD = { pod: "ralph-0" };

const testbed: Testbed = {
  workers: 24,
  endpoints: {
    health: {
      medianMs: 10,
      p95Ms: 30,
      answer: () => ({ body: { status: "healthy", database: "ok", redis: "ok" } }),
    },
    "orchestration-start": {
      medianMs: 90,
      p95Ms: 220,
      answer: () => ({
        status: 201,
        body: { task_id: Math.random().toString(36).slice(2, 10), status: "queued" },
      }),
    },
    orchestration: {
      medianMs: 18,
      p95Ms: 60,
      answer: ({ params }) =>
        params.task === "none"
          ? { status: 404, body: { detail: "unknown task" } }
          : { body: { task_id: params.task, status: "running" } },
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
};

export default testbed;
