import type { Context, Journey } from "../lib/journey.ts";

/** Texts of the lengths people paste: a sentence, a paragraph, a page, and the longest (MAX_EVALUATION_LENGTH=10000). */
const SENTENCE = "The system should tell people when a decision about them was made by a machine. ";
const LONGEST = 10_000;
const TEXTS = [
  SENTENCE,
  SENTENCE.repeat(8),
  SENTENCE.repeat(40),
  SENTENCE.repeat(LONGEST / SENTENCE.length).padEnd(LONGEST, "."),
].map((text) => text.slice(0, LONGEST));
const evaluation = (_: Context) => ({ text: TEXTS[Math.floor(Math.random() * TEXTS.length)] });

/**
 * Ethical AI Developer Testbed. Reads with an evaluation now and then. Behind the edge only what begins with /api/ reaches
 * the API; everything else is a static file of the front end, /ready and /status included, which are for probes inside
 * the cluster. The front page is what a visitor loads first and is kept, seldom.
 */
const journey: Journey = {
  title: "Ethical AI Developer Testbed",
  steps: [
    { endpoint: "page", method: "GET", path: "/", share: 0.1, authorized: false },
    {
      endpoint: "health",
      method: "GET",
      path: "/api/health",
      checks: {
        "is healthy": (answer) => answer.json("status") === "healthy",
        "database is connected": (answer) => answer.json("database_connected") === true,
      },
    },
    { endpoint: "parameters", method: "GET", path: "/api/parameters" },
    {
      endpoint: "evaluate",
      method: "POST",
      path: "/api/evaluate",
      body: evaluation,
      share: 0.15,
      pauseSeconds: 0.2,
    },
  ],
  limits: [
    { perMinute: 1000, why: "Guide, API Layer, Features (1000 req/min per IP)." },
    {
      endpoint: "evaluate",
      perMinute: 10,
      why: "Guide, Rate Limiting Configuration (10/minute), per address.",
    },
    {
      perMinute: 60,
      why: "Guide, Backend (.env), RATE_LIMIT_PER_MINUTE=60; its optional variables have 100 in 60 s.",
    },
  ],
};

export default journey;
