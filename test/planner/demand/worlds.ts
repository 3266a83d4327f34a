import { type BusyDay, busyHours } from "../../../src/planner/demand/busy-hour.ts";
import { cleanDaily } from "../../../src/planner/demand/clean.ts";
import { courseOf } from "../../../src/planner/forecast/daily/course.ts";
import { trafficOf } from "../../../src/testbed/past.ts";
import { worlds } from "../../../src/testbed/worlds.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse("2026-08-18T00:00:00Z");
const [HISTORY, AHEAD] = [90, 90];

export interface Held {
  readonly world: string;
  /** Share of the days between p10 and p90, by month ahead. */
  readonly months: readonly number[];
  readonly above: number;
  readonly refused: number;
}

/** A quarter of every world forecast from the quarter before it, over seeds, and what the interval held. */
export function heldOverWorlds(seeds: number): Held[] {
  return Object.entries(worlds).map(([world, make]) => {
    const days: { month: number; isHeld: boolean; isAbove: boolean }[] = [];
    let refused = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const result = forecastWorld(make(seed), seed);
      if (result === null) refused++;
      else days.push(...result);
    }
    const share = (of: typeof days, is: (day: (typeof days)[number]) => boolean) =>
      of.filter(is).length / of.length;
    return {
      world,
      months: [0, 1, 2].map((month) =>
        share(
          days.filter((day) => day.month === month),
          (day) => day.isHeld,
        ),
      ),
      above: share(days, ({ isAbove }) => isAbove),
      refused,
    };
  });
}

function forecastWorld(world: (day: number) => number, seed: number) {
  const window = { startMs: START, endMs: START + (HISTORY + AHEAD) * DAY_MS, stepMs: HOUR_MS, seed };
  const values = [...trafficOf({ growth: 0, world }, window)].slice(0, -1);
  const busy = busyHours({ startMs: START, stepMs: HOUR_MS, values });
  const cut = START / DAY_MS + HISTORY;
  const past = busy.filter(({ day }) => day < cut);
  const { series, refused } = cleanDaily({
    days: past.map(({ day }) => day),
    values: past.map(({ value }) => value),
  });
  if (refused !== null) return null;
  const skip = cut - 1 - (series.days.at(-1) as number);
  const { spread } = courseOf(series, AHEAD, { skip, most: 200 });
  return busy
    .filter(({ day }) => day >= cut)
    .map(({ day, value }: BusyDay) => {
      const step = day - cut;
      return {
        month: Math.floor(step / 30),
        isHeld: value >= spread.at(0.1, step) && value <= spread.at(0.9, step),
        isAbove: value > spread.at(0.9, step),
      };
    });
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
