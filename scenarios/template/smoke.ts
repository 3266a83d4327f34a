import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s, under a minute: does it work at all. 525 requests show that at most 1% fail. */
export const load: Load = {
  model: "open",
  start: 15,
  stages: [
    { duration: "5s", target: 15, phase: "warm-up" },
    { duration: "30s", target: 15 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
