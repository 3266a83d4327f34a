import type { Journey } from "../lib/journey.ts";

/** What one user does, step by step. Replace the endpoints by your own; `headroom check` tells what is missing. */
const journey: Journey = {
  title: "My service",
  // login: { endpoint: "login", method: "POST", path: "/login",
  //   body: ({ env }) => ({ email: env("HEADROOM_EMAIL", "me@example.com"), password: env("HEADROOM_PASSWORD", "secret") }),
  //   extract: (answer) => ({ token: answer.json("access_token") }) },
  steps: [
    { endpoint: "health", method: "GET", path: "/health", share: 0.1 },
    {
      endpoint: "items",
      method: "GET",
      path: "/api/items",
      checks: { "is a list": (answer) => Array.isArray(answer.json("items")) },
      extract: (answer) => ({ item: answer.json("items.0.id") }),
    },
    { endpoint: "item", method: "GET", path: "/api/items/{item}" },
    {
      endpoint: "item-create",
      method: "POST",
      path: "/api/items",
      body: { name: "load test" },
      expect: [201],
      share: 0.2,
      pauseSeconds: 1,
    },
  ],
};

export default journey;
