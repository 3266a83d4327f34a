import { expect, inject, it } from "vitest";
import { compareReal } from "../simulation/real-run.ts";
import { realWorlds } from "../simulation/real-worlds.ts";

const WORLDS = 300;
/** Few enough at once that a generator has a core. */
const AT_ONCE = 2;

it.skipIf(inject("k6") === null)(
  `${WORLDS} worlds are judged alike, simulated and real`,
  { timeout: 7_200_000 },
  async () => {
    const worlds = realWorlds(1000, WORLDS);
    const differing: string[] = [];
    let compared = 0;
    const work = async () => {
      for (let world = worlds.pop(); world !== undefined; world = worlds.pop()) {
        const { seed, simulated, real, violations, isBusy } = await compareReal(
          world,
          isForEmbedded(world.seed) ? "autocannon" : "k6",
        );
        if (isBusy) continue;
        compared++;
        if (simulated !== real || violations.length > 0)
          differing.push(`${seed}: simulated ${simulated}; real ${real} ${JSON.stringify(violations)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(WORLDS / 2);
  },
);

const isForEmbedded = (seed: number) => seed % 4 === 0;
