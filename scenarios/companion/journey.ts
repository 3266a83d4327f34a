import type { Context, Journey } from "../lib/journey.ts";

const QUESTION = "I slept badly. What did we say last week about winding down in the evening? ";
/** The longest message that the service takes (guide, Security Checklist, Input Validation). */
const LONGEST = 4000;
/** A sentence mostly, a paragraph now and then, the longest that is allowed seldom. */
const MESSAGES = [
  ...Array.from({ length: 7 }, () => QUESTION.trim()),
  QUESTION.repeat(6).trim(),
  QUESTION.repeat(6).trim(),
  QUESTION.repeat(60).slice(0, LONGEST),
];
const message = (_: Context) => ({ message: MESSAGES[Math.floor(Math.random() * MESSAGES.length)] });

/**
 * AI Companion Service. People who talk, read the answer, and sometimes look back. The language model takes most of
 * the time. The paths of chat, conversations and memories are assumed: the operators have not published them.
 * A token (JWT, HS256, 24 h) comes from HEADROOM_TOKEN.
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
      // As the guide's expected response has them: true, not a word.
      checks: {
        "is healthy": (answer) => answer.json("status") === "healthy",
        "database is up": (answer) => answer.json("database") === true,
        "llm is up": (answer) => answer.json("llm") === true,
      },
    },
    { endpoint: "conversations", method: "GET", path: "/api/v1/conversations", share: 0.3 },
    { endpoint: "chat", method: "POST", path: "/api/v1/chat", body: message, pauseSeconds: 6 },
    { endpoint: "memories", method: "GET", path: "/api/v1/memories", share: 0.3 },
  ],
  limits: [
    {
      perMinute: 60,
      why: "Guide, Security Checklist (RATE_LIMIT_REQUESTS_PER_MINUTE=60); .env.production has 100. Per client.",
    },
  ],
};

export default journey;
