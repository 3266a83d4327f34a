import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Two hours of the busy hour: leaks and drift. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "2m", target: 1230 },
    { duration: "2h", target: 1230 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
