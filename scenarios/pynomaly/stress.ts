import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Users. Half as many again as the operators' test ends with. */
export const load: Load = {
  model: "closed",
  stages: [
    { duration: "2m", target: 300 },
    { duration: "5m", target: 300 },
    { duration: "2m", target: 450 },
    { duration: "5m", target: 450 },
    { duration: "2m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
