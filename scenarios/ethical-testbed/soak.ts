import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Two hours: the cache (1,000 entries, TTL 3,600 s) turns over twice. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "2m", target: 150 },
    { duration: "2h", target: 150 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
