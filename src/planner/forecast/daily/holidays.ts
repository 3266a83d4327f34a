import { medianOf } from "../../../stats/quantiles.ts";
import type { DailySeries } from "../daily-series.ts";

/** Public holidays by day (days since 1970-01-01); the value says which: the same every year. */
export type Holidays = ReadonlyMap<number, string>;

export const NO_HOLIDAYS: Holidays = new Map();

/** How far all holidays alike move a demand that nothing is known of, and each its own (standard deviations, measured units). */
const ALIKE = 0.1;
const USUAL = 0.2;
/** As many holidays as that usual difference between them counts for. */
const PRIOR_COUNT = 4;
/** A day that is filled in from three others has a third of their noise beside its own. */
const NOISE_IN_DEVIATION = 4 / 3;

/**
 * What each public holiday adds to its day, learnt from those in the history: their own deviations, drawn towards the mean
 * of all, which is drawn towards nothing; the more the noisier the days and the fewer they are (a normal mean of normal
 * means, Gelman et al., Bayesian Data Analysis, §5.4).
 *
 * @param usual what each day would have been without the holiday, measured, every day from the series' first on
 */
export function holidayEffects(
  { days, values }: DailySeries,
  usual: Float64Array,
  noiseVariance: number,
  holidays: Holidays,
): (day: number) => number {
  const first = days[0] as number;
  const byHoliday = new Map<string, number[]>();
  days.forEach((day, index) => {
    const which = holidays.get(day);
    if (which === undefined) return;
    const deviation = (values[index] as number) - (usual[day - first] as number);
    byHoliday.set(which, [...(byHoliday.get(which) ?? []), deviation]);
  });
  const all = [...byHoliday.values()].flat();
  if (all.length === 0) return () => 0;
  const noise = NOISE_IN_DEVIATION * noiseVariance;
  const plain = medianOf(all);
  const excess = all.reduce((sum, deviation) => sum + (deviation - plain) ** 2 - noise, 0);
  const between = Math.max(0, (PRIOR_COUNT * USUAL ** 2 + excess) / (PRIOR_COUNT + all.length));
  const common = plain * weightOf(ALIKE ** 2, (noise + between) / all.length);
  const effects = new Map(
    [...byHoliday].map(([which, own]) => {
      const weight = weightOf(between, noise / own.length);
      return [which, common + weight * (mean(own) - common)];
    }),
  );
  return (day) => {
    const which = holidays.get(day);
    return which === undefined ? 0 : (effects.get(which) ?? common);
  };
}

/** Share of a deviation that is believed. */
const weightOf = (signal: number, noise: number) => (signal > 0 ? signal / (signal + noise) : 0);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
