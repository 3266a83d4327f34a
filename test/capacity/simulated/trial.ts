import { type Draw, drawFrom } from "../../simulation/draw.ts";
import { type SearchSettings, simulateSearch } from "./simulate-search.ts";
import { truthOf } from "./truth.ts";
import { type World, worldOf } from "./world.ts";

/** Shares of chance: the truth itself is known to about this. */
const TRUTH_ERROR = 0.01;

export interface Trial {
  readonly world: World;
  readonly settings: SearchSettings;
  readonly truth: number;
  readonly low: number;
  readonly high: number | null;
  readonly isSettled: boolean;
  /** Whether what was said is true, as a bound on one side or both. */
  readonly isTrue: boolean;
  readonly steps: number;
  readonly minutes: number;
  readonly limitedBy: string;
}

const SYSTEMS = ["pynomaly", "ralph", "companion", "ethical-testbed", "principles-gym"] as const;
const WORKERS = [2, 4, 8, 16, 32] as const;

/** A search whose every setting is drawn: system, workers, engine, noise, pauses, hold, budget, precision. */
export async function trialOf(seed: number): Promise<Trial> {
  const draw = drawFrom(seed);
  const world = await drawWorld(seed, draw);
  return await tryWorld(world, drawSettings(draw, truthOf(world)));
}

async function drawWorld(seed: number, draw: Draw): Promise<World> {
  const [system, workers] = [draw.pick(SYSTEMS), draw.pick(WORKERS)];
  return await worldOf(system, workers, seed, {
    engine: draw.pick(["k6", "autocannon"] as const),
    noiseMs: draw.pick([1, 1, 8]),
    pause: draw.chance(0.15) ? { everyMs: 5000, lengthMs: 200 } : null,
  });
}

function drawSettings(draw: Draw, truth: number): SearchSettings {
  const holdMs = 1000 * draw.pick([2, 3, 4, 6, 10, 20]);
  return {
    from: truth / draw.logBetween(2, 10),
    most: truth * draw.between(1.5, 4),
    holdMs,
    budgetMs: draw.chance(0.5) ? 600_000 : holdMs * draw.logBetween(6, 30),
    precision: draw.pick([0.05, 0.1, 0.2]),
  };
}

export async function tryWorld(world: World, settings: SearchSettings): Promise<Trial> {
  const truth = truthOf(world);
  const { found, minutes } = await simulateSearch(world, settings);
  const { low, high, isSettled, limitedBy } = found;
  const isTrue = low <= truth * (1 + TRUTH_ERROR) && (high === null || high >= truth * (1 - TRUTH_ERROR));
  return {
    world,
    settings,
    truth,
    low,
    high,
    isSettled,
    isTrue,
    steps: found.steps.length,
    minutes,
    limitedBy,
  };
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Half the width of an interval, relative to its middle. */
export const halfWidth = ({ low, high }: Pick<Trial, "low" | "high">): number =>
  high === null || low === 0 ? Number.POSITIVE_INFINITY : (high - low) / (high + low);

export interface Score {
  readonly trials: number;
  readonly isTrue: number;
  readonly settled: number;
  readonly settledTrue: number;
  /** Intervals with two ends. */
  readonly twoSided: number;
  readonly medianHalfWidth: number;
  readonly medianMinutes: number;
  readonly medianSteps: number;
}

export function scoreOf(trials: readonly Trial[]): Score {
  const count = (is: (trial: Trial) => boolean) => trials.filter(is).length;
  const both = trials.filter(({ low, high }) => low > 0 && high !== null);
  return {
    trials: trials.length,
    isTrue: count((one) => one.isTrue),
    settled: count((one) => one.isSettled),
    settledTrue: count((one) => one.isSettled && one.isTrue),
    twoSided: both.length,
    medianHalfWidth: median(both.map(halfWidth)),
    medianMinutes: median(trials.map(({ minutes }) => minutes)),
    medianSteps: median(trials.map(({ steps }) => steps)),
  };
}
