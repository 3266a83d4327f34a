import type { Journey } from "../lib/journey.ts";

/**
 * AI Principles Gym. Mostly agents that poll their training, some that start one or fetch a report. The WebSocket
 * at /ws is not part of the journey. nginx limits one address to 60 requests/min (training 10, reports 5): exempt
 * the generator's address, or the run measures the limiter and is called inconclusive.
 */
const journey: Journey = {
  title: "AI Principles Gym",
  // An unknown session or report answers 404, which is a correct answer until this user has made its own.
  vars: { session: "none", report: "latest" },
  steps: [
    { endpoint: "health", method: "GET", path: "/health", share: 0.1, authorized: false },
    {
      endpoint: "training-start",
      method: "POST",
      path: "/api/training/start",
      body: { agent_id: "load-test", scenarios: 10 },
      expect: [200, 201, 202],
      checks: { "names its session": (answer) => answer.json("session_id") !== undefined },
      extract: (answer) => ({ session: answer.json("session_id") }),
      share: 0.05,
    },
    {
      endpoint: "training-status",
      method: "GET",
      path: "/api/training/status/{session}",
      expect: [200, 404],
    },
    {
      endpoint: "report-generate",
      method: "POST",
      path: "/api/reports/generate",
      body: { session_id: "load-test", format: "json" },
      expect: [200, 201, 202],
      extract: (answer) => ({ report: answer.json("report_id") }),
      share: 0.05,
    },
    // Path assumed: the operators have not published it. Without the header the edge cache may answer, as for readers.
    {
      endpoint: "report",
      method: "GET",
      path: "/api/reports/{report}",
      expect: [200, 404],
      share: 0.3,
      authorized: false,
    },
  ],
};

export default journey;
