import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s of an ordinary busy hour. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "1m", target: 50 },
    { duration: "8m", target: 50 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
