import { autocorrelations } from "./detect-season.ts";

const Z90 = 1.645;

/**
 * Naive2, the M4 competition's yardstick: where the series is seasonal at 90%, the naive forecast of its seasonally
 * adjusted values times the seasonal indices of a classical multiplicative decomposition; else the naive forecast.
 */
export function naive2(history: Float64Array, horizon: number, season: number): Float64Array {
  const indices = isSeasonal(history, season)
    ? seasonalIndices(history, season)
    : new Float64Array(season).fill(1);
  const adjusted = (history.at(-1) as number) / (indices[(history.length - 1) % season] as number);
  return Float64Array.from(
    { length: horizon },
    (_, step) => adjusted * (indices[(history.length + step) % season] as number),
  );
}

/** |r_m| > 1.645·√((1 + 2·Σ_{i<m} r_i²) / n), on the values themselves; never with less than three seasons. */
function isSeasonal(history: Float64Array, season: number): boolean {
  if (season < 2 || history.length < 3 * season) return false;
  const r = autocorrelations(history, season);
  let squares = 0;
  for (let lag = 1; lag < season; lag++) squares += (r[lag] as number) ** 2;
  return Math.abs(r[season] as number) > Z90 * Math.sqrt((1 + 2 * squares) / history.length);
}

/** Mean ratio to the centred moving average by position in the season, scaled to a mean of 1. */
function seasonalIndices(history: Float64Array, season: number): Float64Array {
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  const half = Math.floor(season / 2);
  for (let at = half; at < history.length - half; at++) {
    const average = centredAverage(history, at, season);
    if (!(average > 0)) continue;
    sums[at % season] = (sums[at % season] as number) + (history[at] as number) / average;
    counts[at % season] = (counts[at % season] as number) + 1;
  }
  const indices = sums.map((sum, position) =>
    (counts[position] as number) > 0 ? sum / (counts[position] as number) : 1,
  );
  const mean = indices.reduce((sum, index) => sum + index, 0) / season;
  return indices.map((index) => index / mean);
}

/** Over one season around a point; the two ends count half when the season is even. */
function centredAverage(history: Float64Array, at: number, season: number): number {
  const half = Math.floor(season / 2);
  let sum = 0;
  for (let offset = -half; offset <= half; offset++) {
    const weight = season % 2 === 0 && Math.abs(offset) === half ? 0.5 : 1;
    sum += weight * (history[at + offset] as number);
  }
  return sum / season;
}
