import type { Testbed } from "../lib/testbed.ts";

const testbed: Testbed = {
  workers: 60,
  endpoints: {
    health: {
      medianMs: 6,
      p95Ms: 20,
      answer: () => ({
        body: { status: "healthy", version: "4.0.0", database: true, llm: true },
      }),
    },
    conversations: { medianMs: 25, p95Ms: 80, answer: () => ({ body: { conversations: [] } }) },
    memories: { medianMs: 45, p95Ms: 140, answer: () => ({ body: { memories: [] } }) },
    chat: {
      medianMs: 1600,
      p95Ms: 3200,
      answer: () => ({ body: { reply: "You said that reading on paper helped.", tokens: 96 } }),
    },
  },
  metrics: [
    { name: "http_requests_total", type: "requests", by: ["status"] },
    { name: "http_request_duration_seconds", type: "durations" },
    { name: "http_requests_in_progress", type: "gauge", value: ({ inFlight }) => inFlight },
    { name: "llm_requests_total", type: "counter", value: ({ requests }) => requests * 0.55 },
    { name: "memory_retrievals_total", type: "counter", value: ({ requests }) => requests * 0.17 },
  ],
  past: {
    growth: 0.45,
    metrics: [
      {
        name: "http_requests_total",
        labels: { status: "200" },
        type: "counter",
        follows: "traffic",
        level: 6,
      },
      { name: "llm_requests_total", type: "counter", follows: "traffic", level: 3.2 },
      {
        name: "http_request_duration_seconds_sum",
        labels: { path: "/api/v1/chat" },
        type: "counter",
        follows: "traffic",
        level: 5.8,
      },
      {
        name: "http_request_duration_seconds_count",
        labels: { path: "/api/v1/chat" },
        type: "counter",
        follows: "traffic",
        level: 3.2,
      },
      {
        name: "process_cpu_seconds_total",
        labels: { job: "ai-companion" },
        type: "counter",
        follows: "traffic",
        idle: 0.03,
        level: 1.5,
      },
      {
        name: "process_resident_memory_bytes",
        labels: { job: "ai-companion" },
        replicas: 3,
        type: "gauge",
        follows: "traffic",
        idle: 1.2e9,
        level: 8e8,
      },
      { name: "redis_memory_used_bytes", type: "gauge", follows: "traffic", idle: 5e8, level: 7e8 },
    ],
  },
};

export default testbed;
