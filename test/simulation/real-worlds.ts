import { makeWorld } from "./make-world.ts";
import { simulateWorld } from "./simulate.ts";
import type { TargetFaultKind, World } from "./world.ts";

/** What a server on loopback cannot do to one client within seconds, or does in its own time. */
const NOT_REAL: readonly TargetFaultKind[] = ["hangs", "dead", "pauses"];
const LONGEST_MS = 14_000;
const MOST_REQUESTS = 900;
/** What a real machine may add to an answer, ms. */
const OVERHEAD_MS = 40;

/** Worlds that a real generator and a real server can be, from a seed on; and only those that the machine's own time decides nothing in. */
export function realWorlds(from: number, count: number): World[] {
  const found: World[] = [];
  for (let seed = from; found.length < count; seed++) {
    const world = { ...makeWorld(seed), engine: "k6" as const };
    if (canBeReal(world) && isRobust(world)) found.push(world);
  }
  return found;
}

function canBeReal({ plan, generator, target, thresholds }: World): boolean {
  return (
    plan.totalMs <= LONGEST_MS &&
    plan.model === "open" &&
    generator.length === 0 &&
    // What is refused is not run.
    !thresholds.includes('"senseless') &&
    target.every(({ kind }) => !NOT_REAL.includes(kind))
  );
}

/** Whether the verdict, and what the oracle thinks, stay the same where every answer is that much later, and for other chances. */
function isRobust(world: World): boolean {
  const services = Object.fromEntries(
    Object.entries(world.services).map(([name, { medianMs, sigma }]) => [
      name,
      { medianMs: medianMs + OVERHEAD_MS, sigma },
    ]),
  );
  const worlds = [world, { ...world, services }, { ...world, seed: world.seed + 1_000_000 }];
  const [first, ...others] = worlds.map((one) => simulateWorld(one, false));
  if (first === undefined || first.happened.requests.length > MOST_REQUESTS) return false;
  const outlineOf = ({ verdict }: typeof first) =>
    [
      verdict.status,
      ...verdict.reasons.map(({ code }) => code),
      ...verdict.criteria.map(({ status }) => status),
    ].join();
  return others.every((other) => outlineOf(other) === outlineOf(first));
}
