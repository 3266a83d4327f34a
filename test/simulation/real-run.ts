import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gate, temporaryFolder } from "../e2e/cli.ts";
import { type Violation, violationsOf } from "./properties.ts";
import { serveWorld } from "./serve-world.ts";
import { simulateWorld } from "./simulate.ts";
import type { World } from "./world.ts";
import { writeWorld } from "./write-world.ts";

/** Reasons of a machine that was too busy: then nothing was compared. */
const BUSY = [
  "generator-saturated",
  "generator-stalled",
  "iterations-dropped",
  "users-exhausted",
  "load-not-delivered",
];

export interface Compared {
  readonly seed: number;
  readonly simulated: string;
  readonly real: string;
  /** Where the real verdict is none that the oracle allows. */
  readonly violations: readonly Violation[];
  /** The machine that ran it was too busy to make the load. */
  readonly isBusy: boolean;
}

/** The same world simulated, and with a real generator against a real server. */
export async function compareReal(world: World, engine: "k6" | "autocannon"): Promise<Compared> {
  const root = temporaryFolder();
  mkdirSync(join(root, "scenarios"));
  writeWorld(world, root);
  const { verdict } = await serveWorld(world, (url) =>
    gate(["simulated", "--root", root, "--scenario", world.scenario, "--target", url, "--engine", engine]),
  );
  const simulated = simulateWorld({ ...world, engine }, false);
  const planned = simulated.verdict.reasons.map(({ code }) => code);
  return {
    seed: world.seed,
    simulated: simulated.verdict.status,
    real: verdict.status,
    violations: violationsOf(verdict, simulated.opinion),
    isBusy: verdict.reasons.some(({ code }) => BUSY.includes(code) && !planned.includes(code)),
  };
}
