import { seededRandom } from "../../src/stats/random.ts";

/** Where a world's chances come from; the same seed draws the same. */
export interface Draw {
  uniform(): number;
  chance(probability: number): boolean;
  between(low: number, high: number): number;
  /** Each factor as likely as any other: for rates, times and sizes. */
  logBetween(low: number, high: number): number;
  /** Both ends included. */
  whole(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** A standard normal number. */
  normal(): number;
}

export function drawFrom(seed: number): Draw {
  const uniform = seededRandom(scramble(seed));
  let spare: number | null = null;
  const between = (low: number, high: number) => low + (high - low) * uniform();
  const whole = (low: number, high: number) => low + Math.floor(uniform() * (high - low + 1));
  return {
    uniform,
    chance: (probability) => uniform() < probability,
    between,
    logBetween: (low, high) => low * (high / low) ** uniform(),
    whole,
    pick: (list) => list[whole(0, list.length - 1)] as (typeof list)[number],
    normal() {
      if (spare !== null) {
        const kept = spare;
        spare = null;
        return kept;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** Neighbouring seeds must not begin alike. Source: the finaliser of MurmurHash3, Austin Appleby, public domain. */
function scramble(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
