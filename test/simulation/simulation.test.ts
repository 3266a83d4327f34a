import { expect, it } from "vitest";
import { describeRun } from "./describe-run.ts";
import { simulate } from "./simulate.ts";
import { holdsItsProperties } from "./sweep.ts";

const seed = process.env.HEADROOM_SEED;

if (seed === undefined) holdsItsProperties(1, 10_000);
else
  it(`the run of seed ${seed}`, () => {
    const simulated = simulate(Number(seed));
    console.log(describeRun(simulated));
    expect(simulated.violations).toEqual([]);
  });
