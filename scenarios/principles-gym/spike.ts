import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Three times the busy hour within ten seconds; the autoscaler (+2 instances at a time) cannot help that fast. */
export const load: Load = {
  model: "open",
  start: 1230,
  stages: [
    { duration: "1m", target: 1230 },
    { duration: "10s", target: 3690, phase: "spike" },
    { duration: "1m", target: 3690, phase: "spike" },
    { duration: "10s", target: 1230, phase: "recovery" },
    { duration: "1m", target: 1230, phase: "recovery" },
    { duration: "10s", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
