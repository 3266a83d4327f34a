import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Users. The 1,000 concurrent users of the guide, of which it has seen 5,000 on a larger fleet (spread the load for those: docs/distributed.md). */
export const load: Load = {
  model: "closed",
  stages: [
    { duration: "2m", target: 500 },
    { duration: "2m", target: 500 },
    { duration: "2m", target: 1000 },
    { duration: "5m", target: 1000 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
