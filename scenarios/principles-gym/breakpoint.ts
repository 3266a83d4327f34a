import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, a ladder up to the 1,000 that the operators' rule promises of two instances, and beyond. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "5s", target: 200 },
    { duration: "1m", target: 200 },
    { duration: "5s", target: 400 },
    { duration: "1m", target: 400 },
    { duration: "5s", target: 600 },
    { duration: "1m", target: 600 },
    { duration: "5s", target: 800 },
    { duration: "1m", target: 800 },
    { duration: "5s", target: 1000 },
    { duration: "1m", target: 1000 },
    { duration: "5s", target: 1200 },
    { duration: "1m", target: 1200 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
