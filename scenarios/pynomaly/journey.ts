import type { Answer, Journey } from "../lib/journey.ts";

const within = (ms: number) => (answer: Answer) => answer.durationMs < ms;

/** 20 rows of three features, one of them far out: what the isolation forest is asked to find. */
const rows = Array.from({ length: 20 }, (_, row) =>
  row === 13 ? [9.5, -8.2, 7.7] : [row % 3, (row * 7) % 5, (row * 3) % 4],
);

/** Pynomaly, as its operators' own load test: health, detectors, detect, then a pause of one second. */
const journey: Journey = {
  title: "Pynomaly",
  login: {
    endpoint: "login",
    method: "POST",
    path: "/api/v1/auth/login",
    form: true,
    body: ({ env }) => ({
      email: env("HEADROOM_EMAIL", "load-test@example.com"),
      password: env("HEADROOM_PASSWORD", "load-test"),
    }),
    extract: (answer) => ({ token: answer.json("access_token") }),
  },
  steps: [
    {
      endpoint: "health",
      method: "GET",
      path: "/health",
      authorized: false,
      checks: { "health < 500 ms": within(500) },
    },
    {
      endpoint: "detectors",
      method: "GET",
      path: "/api/v1/detectors",
      checks: { "detectors < 1 s": within(1000) },
    },
    {
      endpoint: "detect",
      method: "POST",
      path: "/api/v1/detect",
      body: { data: rows, detector_type: "isolation_forest" },
      checks: {
        "detect < 2 s": within(2000),
        "has results": (answer) => answer.json("results") !== undefined,
      },
      pauseSeconds: 1,
    },
  ],
  logout: { endpoint: "logout", method: "POST", path: "/api/v1/auth/logout", expect: [200, 204] },
};

export default journey;
