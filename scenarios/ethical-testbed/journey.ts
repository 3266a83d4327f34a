import type { Context, Journey } from "../lib/journey.ts";

/** Texts of the lengths people paste: a sentence, a paragraph, a page (the service takes up to 10,000 characters). */
const SENTENCE = "The system should tell people when a decision about them was made by a machine. ";
const TEXTS = [SENTENCE, SENTENCE.repeat(8), SENTENCE.repeat(40)];
const evaluation = (_: Context) => ({ text: TEXTS[Math.floor(Math.random() * TEXTS.length)] });

/**
 * Ethical AI Developer Testbed. Reads with an evaluation now and then. The edge allows an address 1,000
 * requests/min and 10 evaluations/min: exempt the generator's address.
 */
const journey: Journey = {
  title: "Ethical AI Developer Testbed",
  steps: [
    { endpoint: "page", method: "GET", path: "/", share: 0.5, authorized: false },
    { endpoint: "health", method: "GET", path: "/api/health" },
    { endpoint: "parameters", method: "GET", path: "/api/parameters" },
    { endpoint: "ready", method: "GET", path: "/ready", share: 0.5 },
    { endpoint: "status", method: "GET", path: "/status", share: 0.5 },
    {
      endpoint: "evaluate",
      method: "POST",
      path: "/api/evaluate",
      body: evaluation,
      share: 0.15,
      pauseSeconds: 0.2,
    },
  ],
};

export default journey;
