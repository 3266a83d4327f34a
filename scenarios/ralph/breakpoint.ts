import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, a ladder; connections (60 per instance) are expected to break before CPU. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "5s", target: 40 },
    { duration: "1m", target: 40 },
    { duration: "5s", target: 80 },
    { duration: "1m", target: 80 },
    { duration: "5s", target: 120 },
    { duration: "1m", target: 120 },
    { duration: "5s", target: 160 },
    { duration: "1m", target: 160 },
    { duration: "5s", target: 240 },
    { duration: "1m", target: 240 },
    { duration: "5s", target: 320 },
    { duration: "1m", target: 320 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
