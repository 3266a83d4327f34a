import { describe, expect, inject, it } from "vitest";
import { compareReal } from "../simulation/real-run.ts";
import { realWorlds } from "../simulation/real-worlds.ts";

/** Hundreds are in simulated.long.test.ts. */
const WORLDS = realWorlds(1, 4).map((world, at) => ({ world, seed: world.seed, at }));

describe.concurrent("judged alike, simulated and with a real generator against a real server, is", () => {
  it.skipIf(inject("k6") === null).each(WORLDS)("the world of seed $seed", async ({ world, at }) => {
    const { simulated, real, violations, isBusy } = await compareReal(
      world,
      at % 4 === 3 ? "autocannon" : "k6",
    );
    if (!isBusy) expect({ real, violations }).toEqual({ real: simulated, violations: [] });
  });
});
