import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gate, temporaryFolder } from "../e2e/cli.ts";
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
  /** The machine that ran it was too busy to make the load. */
  readonly isBusy: boolean;
}

/** The same world simulated, and with a real generator against a real server. */
export async function compareReal(world: World, engine: "k6" | "autocannon"): Promise<Compared> {
  const root = temporaryFolder();
  mkdirSync(join(root, "scenarios"));
  writeWorld(world, root);
  const gated = await serveWorld(world, (url) =>
    gate(["simulated", "--root", root, "--scenario", world.scenario, "--target", url, "--engine", engine]),
  );
  const simulated = simulateWorld({ ...world, engine }, false).verdict;
  const outline = ({ status, reasons, criteria }: typeof simulated) =>
    [
      status,
      [...new Set(reasons.map(({ code }) => code))].sort().join("+"),
      criteria.map((one) => `${one.id} ${one.status}`).join(", "),
    ].join(" · ");
  const codes = gated.verdict.reasons.map(({ code }) => code);
  const planned = simulated.reasons.map(({ code }) => code);
  return {
    seed: world.seed,
    simulated: outline(simulated),
    real: outline(gated.verdict),
    isBusy: codes.some((code) => BUSY.includes(code) && !planned.includes(code)),
  };
}
