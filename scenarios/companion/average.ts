import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Users. The 100 concurrent users that the connection pools are sized for. */
export const load: Load = {
  model: "closed",
  stages: [
    { duration: "1m", target: 100 },
    { duration: "8m", target: 100 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
