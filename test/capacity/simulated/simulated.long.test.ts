import { describe, expect, it } from "vitest";
import { scoreOf, type Trial, trialOf, tryWorld } from "./trial.ts";
import { truthOf } from "./truth.ts";
import { worldOf } from "./world.ts";

const TRIALS = Number(process.env.HEADROOM_CAPACITY_TRIALS ?? 1000);

describe("capacities found in virtual time", () => {
  it(`are true 95 times in 100 over ${TRIALS} settings`, async () => {
    const trials: Trial[] = [];
    for (let seed = 1; seed <= TRIALS; seed++) trials.push(await trialOf(seed));
    const score = scoreOf(trials);
    for (const { world, settings, truth, low, high, isTrue } of trials)
      if (!isTrue)
        console.log(world.seed, world.system, world.workers, world.engine, settings, truth, low, high);
    console.log(score);
    expect(score.isTrue / score.trials).toBeGreaterThanOrEqual(0.95);
    expect(score.settledTrue / score.settled).toBeGreaterThanOrEqual(0.95);
  });

  it("are narrow at the defaults", async () => {
    const trials: Trial[] = [];
    for (const system of ["pynomaly", "ralph", "ethical-testbed", "principles-gym"])
      for (const workers of [4, 8, 16, 32])
        for (const engine of ["k6", "autocannon"] as const) {
          const world = await worldOf(system, workers, 77 + workers, { engine });
          const truth = truthOf(world);
          const settings = { from: truth / 4, most: truth * 3, holdMs: 10_000, budgetMs: 600_000 };
          trials.push(await tryWorld(world, { ...settings, precision: 0.05 }));
        }
    const score = scoreOf(trials);
    console.log(score);
    expect(score.isTrue / score.trials).toBeGreaterThanOrEqual(0.9);
    expect(score.medianHalfWidth).toBeLessThanOrEqual(0.05);
  });
});
