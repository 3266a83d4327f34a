import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Enough answers for a p99 in half a minute. */
export const load: Load = {
  model: "open",
  start: 20,
  stages: [
    { duration: "10s", target: 20, phase: "warm-up" },
    { duration: "35s", target: 20 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
