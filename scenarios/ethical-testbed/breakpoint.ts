import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, a ladder up to three replicas at the 150 that one was seen to do, and beyond. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "5s", target: 150 },
    { duration: "1m", target: 150 },
    { duration: "5s", target: 300 },
    { duration: "1m", target: 300 },
    { duration: "5s", target: 450 },
    { duration: "1m", target: 450 },
    { duration: "5s", target: 600 },
    { duration: "1m", target: 600 },
    { duration: "5s", target: 750 },
    { duration: "1m", target: 750 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
