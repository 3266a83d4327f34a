import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Users. Three times as many people within ten seconds. */
export const load: Load = {
  model: "closed",
  start: 100,
  stages: [
    { duration: "1m", target: 100 },
    { duration: "10s", target: 300, phase: "spike" },
    { duration: "1m", target: 300, phase: "spike" },
    { duration: "10s", target: 100, phase: "recovery" },
    { duration: "1m", target: 100, phase: "recovery" },
    { duration: "10s", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
