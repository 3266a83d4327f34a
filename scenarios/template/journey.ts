import type { Journey, Step } from "../lib/journey.ts";

const create: Step = {
  endpoint: "item-create",
  method: "POST",
  path: "/api/items",
  body: { name: "load test" },
  expect: [201],
  extract: (answer) => ({ item: answer.json("id") }),
  share: 0.2,
  pauseSeconds: 1,
};

/** What one user does, step by step. Replace the endpoints by your own; `headroom check` tells what is missing. */
const journey: Journey = {
  title: "My service",
  // login: { endpoint: "login", method: "POST", path: "/login",
  //   body: ({ env }) => ({ email: env("HEADROOM_EMAIL", "me@example.com"), password: env("HEADROOM_PASSWORD", "secret") }),
  //   extract: (answer) => ({ token: answer.json("access_token") }) },
  // Made once, in setup: what the steps read is there, also on an empty system.
  prepare: [create],
  steps: [
    { endpoint: "health", method: "GET", path: "/health", share: 0.1 },
    {
      endpoint: "items",
      method: "GET",
      path: "/api/items",
      checks: { "is a list": (answer) => Array.isArray(answer.json("items")) },
    },
    create,
    { endpoint: "item", method: "GET", path: "/api/items/{item}" },
  ],
};

export default journey;
