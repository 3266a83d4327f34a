import type { Journey, Step } from "../lib/journey.ts";

const start: Step = {
  endpoint: "training-start",
  method: "POST",
  path: "/api/training/start",
  body: { agent_id: "load-test", scenarios: 10 },
  expect: [200, 201, 202],
  checks: { "names its session": (answer) => answer.json("session_id") !== undefined },
  extract: (answer) => ({ session: answer.json("session_id") }),
  share: 0.05,
};

const generate: Step = {
  endpoint: "report-generate",
  method: "POST",
  path: "/api/reports/generate",
  body: ({ vars }) => ({ session_id: vars.session, format: "json" }),
  expect: [200, 201, 202],
  checks: { "names its report": (answer) => answer.json("report_id") !== undefined },
  extract: (answer) => ({ report: answer.json("report_id") }),
  share: 0.05,
};

/**
 * AI Principles Gym. Mostly agents that poll their training, some that start one or fetch a report. What they poll and
 * fetch is their own, or one of those that setup made: an unknown session answers 404 (the guide's uptime monitor takes
 * that for alive), which says nothing of the time that a known one takes. The WebSocket at /ws is not part of the
 * journey. A training may call paid models (the guide keeps keys of two providers); what it costs is not published, so
 * that nothing is said of it here: look at the bill of a smoke run before a soak.
 */
const journey: Journey = {
  title: "AI Principles Gym",
  prepare: [start, generate],
  preparations: 5,
  limits: [
    {
      perMinute: 60,
      burst: 20,
      why: "Guide, Rate Limiting Architecture, zone general (60r/m, burst 20, 10 connections), per address.",
    },
    {
      endpoint: "training-start",
      perMinute: 10,
      burst: 5,
      why: "Guide, Rate Limiting Architecture, zone training (10r/m, burst 5, 2 connections), per address.",
    },
    {
      endpoint: "report-generate",
      perMinute: 5,
      burst: 2,
      why: "Guide, Rate Limiting Architecture, zone expensive (5r/m, burst 2, 1 connection), per address.",
    },
  ],
  steps: [
    { endpoint: "health", method: "GET", path: "/health", share: 0.1, authorized: false },
    start,
    { endpoint: "training-status", method: "GET", path: "/api/training/status/{session}" },
    generate,
    // Path assumed: the operators have not published it. Without the header the edge cache may answer, as for readers.
    {
      endpoint: "report",
      method: "GET",
      path: "/api/reports/{report}",
      share: 0.3,
      authorized: false,
    },
  ],
};

export default journey;
