import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Three times the busy hour within ten seconds. */
export const load: Load = {
  model: "open",
  start: 230,
  stages: [
    { duration: "1m", target: 230 },
    { duration: "10s", target: 690, phase: "spike" },
    { duration: "1m", target: 690, phase: "spike" },
    { duration: "10s", target: 230, phase: "recovery" },
    { duration: "1m", target: 230, phase: "recovery" },
    { duration: "10s", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
