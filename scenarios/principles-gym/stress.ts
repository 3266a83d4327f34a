import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Half as much again as the busy hour, which is what is left when one of three instances is lost. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "1m", target: 1230 },
    { duration: "2m", target: 1230 },
    { duration: "1m", target: 1845 },
    { duration: "5m", target: 1845 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
