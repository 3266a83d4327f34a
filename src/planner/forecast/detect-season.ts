/** Lengths that calendars give to seasons: a week of days, a year of months, a day of hours, a year of weeks. */
const CALENDAR = [7, 12, 24, 52] as const;
/** Whole seasons needed before one can be told from chance. */
const LEAST_SEASONS = 3;
const Z90 = 1.645;

/**
 * The calendar season with the strongest autocorrelation in the changes of a series, or null when none is significant
 * at 90%: |r_m| > 1.645·√((1 + 2·Σ_{i<m} r_i²) / n), Bartlett's formula as the Theta reference uses it. Changes, because
 * a trend alone makes the values themselves autocorrelated at every lag.
 */
export function detectSeason(history: Float64Array): number | null {
  const changes = history.subarray(1).map((value, index) => value - (history[index] as number));
  const lags = CALENDAR.filter((season) => history.length >= LEAST_SEASONS * season);
  const longest = lags.at(-1);
  if (longest === undefined) return null;
  const r = autocorrelations(changes, longest);
  const significant = lags.filter((lag) => {
    let squares = 0;
    for (let before = 1; before < lag; before++) squares += (r[before] as number) ** 2;
    return (r[lag] as number) > Z90 * Math.sqrt((1 + 2 * squares) / changes.length);
  });
  return significant.sort((a, b) => (r[b] as number) - (r[a] as number))[0] ?? null;
}

/** Autocorrelations at lags 0 to `longest`; all 0 for a series that never changes. */
export function autocorrelations(values: Float64Array, longest: number): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const power = centred.reduce((sum, value) => sum + value * value, 0);
  return Float64Array.from({ length: longest + 1 }, (_, lag) => {
    let sum = 0;
    for (let at = lag; at < centred.length; at++)
      sum += (centred[at] as number) * (centred[at - lag] as number);
    return power > 0 ? sum / power : 0;
  });
}
