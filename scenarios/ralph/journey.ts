import type { Journey } from "../lib/journey.ts";

/**
 * Ralph Orchestrator. Clients start a long task now and then and look after the ones they have. The paths of the
 * orchestrations API are assumed: the operators have not published them.
 */
const journey: Journey = {
  title: "Ralph Orchestrator",
  vars: { task: "none" },
  steps: [
    {
      endpoint: "health",
      method: "GET",
      path: "/health",
      share: 0.2,
      authorized: false,
      checks: { "is healthy": (answer) => answer.json("status") === "healthy" },
    },
    {
      endpoint: "orchestration-start",
      method: "POST",
      path: "/api/v1/orchestrations",
      body: { agent_type: "claude", prompt: "load test: reply with the word done" },
      expect: [200, 201, 202],
      checks: { "names its task": (answer) => answer.json("task_id") !== undefined },
      extract: (answer) => ({ task: answer.json("task_id") }),
      share: 0.1,
    },
    { endpoint: "orchestration", method: "GET", path: "/api/v1/orchestrations/{task}", expect: [200, 404] },
    { endpoint: "orchestrations", method: "GET", path: "/api/v1/orchestrations?status=running", share: 0.5 },
  ],
};

export default journey;
