import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, a ladder from the operators' 100 per instance on three instances upwards. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "5s", target: 300 },
    { duration: "1m", target: 300 },
    { duration: "5s", target: 600 },
    { duration: "1m", target: 600 },
    { duration: "5s", target: 900 },
    { duration: "1m", target: 900 },
    { duration: "5s", target: 1200 },
    { duration: "1m", target: 1200 },
    { duration: "5s", target: 1500 },
    { duration: "1m", target: 1500 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
