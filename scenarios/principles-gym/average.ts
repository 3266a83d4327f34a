import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. The busy hour of today (its history: 1,234/s). */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "1m", target: 1230 },
    { duration: "8m", target: 1230 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
