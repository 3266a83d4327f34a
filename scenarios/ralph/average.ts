import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Three replicas that mostly watch long tasks. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "1m", target: 40 },
    { duration: "8m", target: 40 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
