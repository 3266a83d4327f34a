import type { Journey, Step } from "../lib/journey.ts";

/** Starts a real task, which calls a paid model: see `spends`. */
const start: Step = {
  endpoint: "orchestration-start",
  method: "POST",
  path: "/api/v1/orchestrations",
  body: { agent_type: "claude", prompt: "load test: reply with the word done" },
  expect: [200, 201, 202],
  checks: { "names its task": (answer) => answer.json("task_id") !== undefined },
  extract: (answer) => ({ task: answer.json("task_id") }),
  share: 0.1,
};

/**
 * Ralph Orchestrator. Clients start a long task now and then and look after the ones they have. The paths of the
 * orchestrations API are assumed: the operators have published only /health, /ready and the table's columns.
 */
const journey: Journey = {
  title: "Ralph Orchestrator",
  prepare: [start],
  preparations: 3,
  steps: [
    {
      endpoint: "health",
      method: "GET",
      path: "/health",
      share: 0.2,
      authorized: false,
      checks: {
        "is healthy": (answer) => answer.json("status") === "healthy",
        "all its checks hold": (answer) =>
          ["database", "redis", "disk", "memory"].every((part) => answer.json(`checks.${part}`) === true),
      },
    },
    start,
    // The task just started, or one that setup started: an unknown one would measure "not found".
    { endpoint: "orchestration", method: "GET", path: "/api/v1/orchestrations/{task}" },
    { endpoint: "orchestrations", method: "GET", path: "/api/v1/orchestrations?status=running", share: 0.5 },
  ],
  limits: [
    {
      perMinute: 100,
      why: "Guide, Production Environment Variables (API_RATE_LIMIT=100/minute); its settings module has 100/hour.",
    },
  ],
  spends: {
    usdPerRequest: { "orchestration-start": 0.1 },
    unaskedUsd: 5,
    why: "Assumed: one short iteration of an agent, some 25,000 tokens. A task may cost up to 500 USD before it is stopped (guide, Production Environment Variables, RALPH_MAX_COST), and nothing here can see what it did cost.",
  },
};

export default journey;
