import type { Testbed } from "../lib/testbed.ts";

/** The stand-in that `headroom testbed` serves: how long each endpoint takes and what it answers. */
const testbed: Testbed = {
  workers: 16,
  endpoints: {
    health: { medianMs: 3, p95Ms: 10 },
    items: { medianMs: 20, p95Ms: 60, answer: () => ({ body: { items: [] } }) },
    item: { medianMs: 12, p95Ms: 40, answer: ({ params }) => ({ body: { id: params.item } }) },
    "item-create": { medianMs: 45, p95Ms: 120, answer: () => ({ status: 201, body: { id: "a2" } }) },
  },
  metrics: [
    { name: "http_requests_total", type: "requests", by: ["method", "status"] },
    { name: "http_request_duration_seconds", type: "durations" },
  ],
  past: {
    growth: 0.2,
    metrics: [
      { name: "http_requests_total", type: "counter", follows: "traffic", level: 60 },
      {
        name: "container_cpu_usage_seconds_total",
        type: "counter",
        follows: "traffic",
        idle: 0.02,
        level: 0.9,
      },
    ],
  },
};

export default testbed;
