import type { Journey } from "../lib/journey.ts";

/**
 * AI Companion Service. People who talk, read the answer, and sometimes look back. The language model takes most of
 * the time. The paths of chat, conversations and memories are assumed: the operators have not published them.
 * A token (JWT, 24 h) comes from HEADROOM_TOKEN.
 */
const journey: Journey = {
  title: "AI Companion Service",
  steps: [
    {
      endpoint: "health",
      method: "GET",
      path: "/health",
      share: 0.2,
      authorized: false,
      checks: {
        "database is up": (answer) => ["connected", "ok", "up"].includes(String(answer.json("database"))),
      },
    },
    { endpoint: "conversations", method: "GET", path: "/api/v1/conversations", share: 0.3 },
    {
      endpoint: "chat",
      method: "POST",
      path: "/api/v1/chat",
      body: { message: "I slept badly. What did we say last week about winding down in the evening?" },
      pauseSeconds: 6,
    },
    { endpoint: "memories", method: "GET", path: "/api/v1/memories", share: 0.3 },
  ],
};

export default journey;
