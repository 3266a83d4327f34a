import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, a ladder until the SLA breaks. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "5s", target: 50 },
    { duration: "1m", target: 50 },
    { duration: "5s", target: 100 },
    { duration: "1m", target: 100 },
    { duration: "5s", target: 150 },
    { duration: "1m", target: 150 },
    { duration: "5s", target: 200 },
    { duration: "1m", target: 200 },
    { duration: "5s", target: 300 },
    { duration: "1m", target: 300 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
