import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Users. The operators' release check runs at a concurrency of 5. */
export const load: Load = {
  model: "closed",
  start: 5,
  stages: [
    { duration: "5s", target: 5, phase: "warm-up" },
    { duration: "30s", target: 5 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
