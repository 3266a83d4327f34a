import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Three times the busy hour within ten seconds; the autoscaler (+2 tasks) cannot help that fast. */
export const load: Load = {
  model: "open",
  start: 200,
  stages: [
    { duration: "1m", target: 200 },
    { duration: "10s", target: 600, phase: "spike" },
    { duration: "1m", target: 600, phase: "spike" },
    { duration: "10s", target: 200, phase: "recovery" },
    { duration: "1m", target: 200, phase: "recovery" },
    { duration: "10s", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
