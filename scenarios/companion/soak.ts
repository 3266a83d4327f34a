import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Users. Two hours: conversations grow, and so does what is retrieved for each. */
export const load: Load = {
  model: "closed",
  stages: [
    { duration: "2m", target: 100 },
    { duration: "2h", target: 100 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
