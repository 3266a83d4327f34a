import { normal, seededRandom } from "../../../stats/random.ts";
import { WEEK } from "../daily-series.ts";
import type { Outlook } from "./outlook.ts";
import { PRIORS } from "./priors.ts";
import type { Share } from "./slope-share.ts";

/** The same for every signal: what happens to one in a path happens to the others, and a plan is the same every time. */
const SEED = 20_260_816;
/** Values of all paths together, at most: a horizon of years gets fewer paths. */
const MOST_VALUES = 200_000;
const FEWEST_PATHS = 200;
const PATHS = 1000;
/** A slope or a season may turn out stronger than it was, within reason. */
const MOST_SHARE = 1.5;

/** Courses that a demand may take, day by day; all of one plan have the same number, and path i of one belongs to path i of another. */
export interface DemandPaths {
  readonly count: number;
  readonly days: number;
  /** Path by path: day `d` of path `p` is at `p * days + d`. */
  readonly values: Float64Array;
}

export const pathsFor = (days: number): number =>
  Math.max(FEWEST_PATHS, Math.min(PATHS, 2 * Math.floor(MOST_VALUES / days / 2)));

/**
 * Simulated courses of the days ahead, as deviations from what is expected of each, in measured units: the level wanders
 * like a random walk of a size that is itself uncertain, the slope's and the season's shares differ from path to path, and
 * weeks of the past's own noise are drawn again, on their weekdays. Paths come in pairs of opposite walks.
 */
export function simulateDeviations(outlook: Outlook, days: number, count: number): Float64Array {
  const random = seededRandom(SEED);
  const deviations = new Float64Array(count * days);
  const { slopeShare, yearShare, year, noise, carried } = outlook;
  const strides = stridesOf(outlook, days);
  const shocks = new Float64Array(days);
  const weeks = noise.length / WEEK;
  for (let path = 0; path < count; path++) {
    const isMirror = path % 2 === 1;
    if (!isMirror) for (let step = 0; step < days; step++) shocks[step] = normal(random);
    const size = (isMirror ? -1 : 1) * Math.exp(PRIORS.sizeSpread * normal(random));
    const slopePart = share(slopeShare, random) - slopeShare.mean;
    const yearPart = share(yearShare, random) - yearShare.mean;
    let [walk, week] = [0, 0];
    for (let step = 0; step < days; step++) {
      walk += size * (strides[step] as number) * (shocks[step] as number);
      if (step % WEEK === 0) week = Math.floor(random() * weeks);
      deviations[path * days + step] =
        walk +
        slopePart * (carried[step] as number) +
        (year === null ? 0 : yearPart * (year[step] as number)) +
        (noise[week * WEEK + (step % WEEK)] as number);
    }
  }
  return deviations;
}

/** Standard deviation of each day's step of the walk. */
function stridesOf(outlook: Outlook, days: number): Float64Array {
  return Float64Array.from({ length: days }, (_, step) => {
    const before = step === 0 ? 0 : outlook.levelVariance(step - 1);
    return Math.sqrt(Math.max(0, outlook.levelVariance(step) - before));
  });
}

const share = ({ mean, deviation }: Share, random: () => number) =>
  Math.min(MOST_SHARE, Math.max(0, mean + deviation * normal(random)));
