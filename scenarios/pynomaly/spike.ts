import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Users. From the first level of the operators' test to three times its last. */
export const load: Load = {
  model: "closed",
  start: 100,
  stages: [
    { duration: "1m", target: 100 },
    { duration: "10s", target: 900, phase: "spike" },
    { duration: "1m", target: 900, phase: "spike" },
    { duration: "10s", target: 100, phase: "recovery" },
    { duration: "1m", target: 100, phase: "recovery" },
    { duration: "10s", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
