import { normal, seededRandom } from "../stats/random.ts";

/** The level of a demand by day since the past's start; 1 or so at the start. */
export type World = (day: number) => number;

const QUARTER = 90;

/**
 * What demands do, each with figures of its own by the seed: none of them is what a forecast assumes, and together they
 * are what it is tested over. A past of a quarter is followed by the quarter that is forecast, so that days 0 to 180 matter.
 */
export const worlds: Readonly<Record<string, (seed: number) => World>> = {
  flat: () => () => 1,
  grows: (seed) => {
    const perQuarter = between(seed, 0.1, 0.6);
    return (day) => 1 + (perQuarter * day) / QUARTER;
  },
  declines: (seed) => {
    const left = 1 - between(seed, 0.1, 0.4);
    return (day) => left ** (day / QUARTER);
  },
  stops: (seed) => bent(seed, { before: between(seed, 0.1, 0.6), after: 0 }),
  starts: (seed) => bent(seed, { before: 0, after: between(seed, 0.1, 0.6) }),
  reverses: (seed) => bent(seed, { before: between(seed, 0.1, 0.6), after: -between(seed, 0.1, 0.4) }),
  steps: (seed) => {
    const [at, size] = [between(seed + 1, 15, 165), between(seed, -0.4, 0.6)];
    return (day) => (day < at ? 1 : 1 + size);
  },
  wanders: (seed) => {
    const random = seededRandom(seed);
    const stride = 0.005 + 0.02 * random();
    const path = [0];
    return (day) => {
      while (path.length <= day) path.push((path.at(-1) as number) + stride * normal(random));
      return Math.exp(path[Math.max(0, Math.floor(day))] as number);
    };
  },
  season: (seed) => {
    const [size, phase] = [between(seed, 0.05, 0.35), between(seed + 1, 0, 2 * Math.PI)];
    return (day) => 1 + size * Math.sin((2 * Math.PI * day) / 365.25 + phase);
  },
  launch: (seed) => {
    const [at, times, days] = [between(seed, 20, 150), between(seed + 1, 0.5, 2), between(seed + 2, 3, 15)];
    return (day) => 1 + times / (1 + Math.exp(-(day - at) / days));
  },
};

function bent(seed: number, { before, after }: { before: number; after: number }): World {
  const at = between(seed + 1, 30, 150);
  const there = 1 + (before * at) / QUARTER;
  return (day) =>
    day < at ? 1 + (before * day) / QUARTER : there * Math.max(0.1, 1 + (after * (day - at)) / QUARTER);
}

function between(seed: number, low: number, high: number): number {
  const random = seededRandom(seed * 7919 + 17);
  random();
  return low + (high - low) * random();
}
