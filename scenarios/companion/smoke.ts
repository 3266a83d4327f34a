import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Users. Enough answers for a p95 although a chat takes seconds. */
export const load: Load = {
  model: "closed",
  start: 20,
  stages: [
    { duration: "5s", target: 20, phase: "warm-up" },
    { duration: "40s", target: 20 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
