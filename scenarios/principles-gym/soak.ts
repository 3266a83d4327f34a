import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Requests/s. Two hours at the busy hour: the connection recycle (3,600 s) and the cache TTL (3,600 s) both come round. */
export const load: Load = {
  model: "open",
  stages: [
    { duration: "2m", target: 200 },
    { duration: "2h", target: 200 },
    { duration: "1m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
