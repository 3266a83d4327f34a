import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Four hours of the busy hour: as long as a task may run before it is an alert. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "2m", target: 17 },
    { duration: "4h", target: 17 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
