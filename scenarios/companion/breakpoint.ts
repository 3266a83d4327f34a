import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, a ladder; the language model's concurrency (Little's law) is expected to break first. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "5s", target: 10 },
    { duration: "1m", target: 10 },
    { duration: "5s", target: 20 },
    { duration: "1m", target: 20 },
    { duration: "5s", target: 30 },
    { duration: "1m", target: 30 },
    { duration: "5s", target: 40 },
    { duration: "1m", target: 40 },
    { duration: "5s", target: 50 },
    { duration: "1m", target: 50 },
  ],
  maxUsers: 1000,
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
