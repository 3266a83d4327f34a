import { seededRandom } from "../../../stats/random.ts";
import type { DemandPaths } from "./simulate.ts";

/** The same for every signal: what came over one at a time comes over the others in the same path. */
const SEED = 20_260_817;

/** Something out of the ordinary that lasted so many days: 0.6 for 60% more than usual. */
export interface Episode {
  readonly days: number;
  readonly change: number;
}

/**
 * Paths on which what was out of the ordinary in the history comes again with one of its sizes, at the rate it came. A rate
 * that was seen a few times is uncertain, and such things come in clusters: each path has a rate of its own, exponentially
 * distributed around what was seen, so that one incident in as many days as are ahead comes again on half of the paths. Only
 * what was more than usual: less needs nothing.
 *
 * @param days of the history in which it was seen
 */
export function withRecurrence(
  { count, days, values }: DemandPaths,
  episodes: readonly Episode[],
  daysSeen: number,
): DemandPaths {
  const more = episodes.filter(({ change }) => change > 0);
  if (more.length === 0) return { count, days, values };
  const seen = more.length / daysSeen;
  const random = seededRandom(SEED);
  const changed = Float64Array.from(values);
  for (let path = 0; path < count; path++) {
    const rate = -Math.log(1 - random()) * seen;
    for (let day = 0; day < days; day++) {
      const [comes, which] = [random() < rate, random()];
      const episode = more[Math.floor(which * more.length)];
      if (!comes || episode === undefined) continue;
      for (let at = day; at < Math.min(days, day + episode.days); at++) {
        const index = path * days + at;
        changed[index] = Math.max(changed[index] as number, (values[index] as number) * (1 + episode.change));
      }
    }
  }
  return { count, days, values: changed };
}
