import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** Users. Two hours at the middle level of the operators' test. */
export const load: Load = {
  model: "closed",
  stages: [
    { duration: "2m", target: 200 },
    { duration: "2h", target: 200 },
    { duration: "2m", target: 0 },
  ],
};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
