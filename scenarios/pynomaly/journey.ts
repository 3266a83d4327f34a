import type { Answer, Journey } from "../lib/journey.ts";

const within = (ms: number) => (answer: Answer) => answer.durationMs < ms;

/** Pynomaly, as its operators' own load test has it: health, detectors, detect, then a pause of one second. */
const journey: Journey = {
  title: "Pynomaly",
  // http.post of an object: k6 sends it as a form.
  login: {
    endpoint: "login",
    method: "POST",
    path: "/api/v1/auth/login",
    form: true,
    body: ({ env }) => ({
      email: env("HEADROOM_EMAIL", "test@example.com"),
      password: env("HEADROOM_PASSWORD", "testpassword"),
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
      body: {
        data: [
          [1.0, 2.0, 3.0, 4.0, 5.0],
          [2.0, 3.0, 4.0, 5.0, 6.0],
          [3.0, 4.0, 5.0, 6.0, 7.0],
        ],
        detector_type: "isolation_forest",
      },
      checks: {
        "detect < 2 s": within(2000),
        "has results": (answer) => answer.json("results") !== undefined,
      },
      pauseSeconds: 1,
    },
  ],
  logout: { endpoint: "logout", method: "POST", path: "/api/v1/auth/logout", expect: [200, 204] },
  limits: [
    {
      perMinute: 1000 / 60,
      burst: 100,
      why: "Guide, Namespace and ConfigMap (RATE_LIMIT_REQUESTS 1000 in RATE_LIMIT_WINDOW 3600 s), Application Performance Configuration (RATE_LIMIT_BURST 100).",
    },
    {
      perMinute: 100,
      why: "Guide, Ingress Configuration (rate-limit 100, rate-limit-window 1m), per address.",
    },
    { perMinute: 400, why: "Guide, WAF Rules (2000 of an address in 5 min, the window that AWS WAF uses)." },
  ],
};

export default journey;
