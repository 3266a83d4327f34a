import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, a ladder past the 1,500 that the operators' rule (500 per instance) promises of three instances. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "5s", target: 600 },
    { duration: "1m", target: 600 },
    { duration: "5s", target: 1200 },
    { duration: "1m", target: 1200 },
    { duration: "5s", target: 1500 },
    { duration: "1m", target: 1500 },
    { duration: "5s", target: 1800 },
    { duration: "1m", target: 1800 },
    { duration: "5s", target: 2400 },
    { duration: "1m", target: 2400 },
    { duration: "5s", target: 3000 },
    { duration: "1m", target: 3000 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
