import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, under a minute: does it work at all. */
export const load: Load = {
  model: "open",
  start: 10,
  stages: [
    { duration: "5s", target: 10, phase: "warm-up" },
    { duration: "30s", target: 10 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
