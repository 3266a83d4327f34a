import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, a sudden multiple and the recovery from it. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "30s", target: 50 },
    { duration: "1m", target: 50 },
    { duration: "10s", target: 200, phase: "spike" },
    { duration: "1m", target: 200, phase: "spike" },
    { duration: "10s", target: 50, phase: "recovery" },
    { duration: "1m", target: 50, phase: "recovery" },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
