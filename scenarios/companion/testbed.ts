import type { Testbed } from "../lib/testbed.ts";

const testbed: Testbed = {
  workers: 60,
  endpoints: {
    health: {
      medianMs: 6,
      p95Ms: 20,
      answer: () => ({
        body: { status: "healthy", version: "1.0.0", database: "connected", llm: "connected" },
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
    { name: "pg_up", type: "gauge", value: () => 1 },
  ],
};

export default testbed;
