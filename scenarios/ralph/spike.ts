import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. A fleet of agents that all start at once: four times the busy hour. */
export const load: Load = {
  model: "open",
  start: 17,
  stages: [
    { duration: "1m", target: 17 },
    { duration: "5s", target: 68, phase: "spike" },
    { duration: "1m", target: 68, phase: "spike" },
    { duration: "5s", target: 17, phase: "recovery" },
    { duration: "1m", target: 17, phase: "recovery" },
    { duration: "10s", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
