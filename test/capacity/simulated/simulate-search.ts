import { proberOf } from "../../../src/capacity/prober.ts";
import { type Found, findCapacity } from "../../../src/capacity/search.ts";
import { Generator } from "./generator.ts";
import { Server } from "./server.ts";
import type { World } from "./world.ts";

export interface SearchSettings {
  readonly from: number;
  readonly most: number;
  readonly holdMs: number;
  readonly budgetMs: number;
  readonly precision: number;
}

/** A target that was overloaded is asked until it answers: what is left of its queue, and three looks. */
const RECOVERY_MS = 2000;

/** The real search against a simulated target; thousands of them take minutes. */
export async function simulateSearch(
  world: World,
  settings: SearchSettings,
): Promise<{ readonly found: Found; readonly minutes: number }> {
  const generator = new Generator(world, new Server(world));
  const probe = proberOf(world.journey, world.criteria, settings.holdMs, {
    signal: new AbortController().signal,
    load: async (order) => generator.load(order),
    recover: async () => {
      generator.nowMs += RECOVERY_MS;
    },
    say: () => {},
  });
  const found = await findCapacity(probe, {
    start: settings.from,
    most: settings.most,
    factor: 1.6,
    precision: settings.precision,
    secondsLeft: () => (settings.budgetMs - generator.nowMs) / 1000,
  });
  return { found, minutes: generator.nowMs / 60_000 };
}
