const LEAST_LENGTH = 1;
/** A correlation below this many standard errors is taken for none. */
const INSIGNIFICANT = 2;

/**
 * How many neighbours belong in a block, from how the series depends on its own past: the length that is best for a
 * variance, 1 where seconds are independent.
 * Source: Politis & White (2004), Automatic block-length selection for the dependent bootstrap, with the correction of
 * Patton, Politis & White (2009); circular blocks.
 *
 * @param series what each second adds to the statistic's error
 */
export function blockLength(series: readonly number[]): number {
  const n = series.length;
  const most = Math.max(1, Math.floor(Math.min(3 * Math.sqrt(n), n / 4)));
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const centred = series.map((value) => value - mean);
  const covariance = (lag: number) =>
    centred.slice(lag).reduce((sum, value, at) => sum + value * (centred[at] as number), 0) / n;
  const variance = covariance(0);
  if (!(variance > 0)) return LEAST_LENGTH;
  const reach = 2 * lastDependence((lag) => covariance(lag) / variance, n);
  let [spectrum, slope] = [variance, 0];
  for (let lag = 1; lag <= reach; lag++) {
    const weighted = flatTop(lag / reach) * covariance(lag);
    spectrum += 2 * weighted;
    slope += 2 * lag * weighted;
  }
  if (!(spectrum > 0)) return LEAST_LENGTH;
  const best = ((2 * slope ** 2) / ((4 / 3) * spectrum ** 2)) ** (1 / 3) * Math.cbrt(n);
  return Math.min(most, Math.max(LEAST_LENGTH, Math.ceil(best)));
}

/** The smallest lag after which a run of correlations is indistinguishable from none. */
function lastDependence(correlation: (lag: number) => number, n: number): number {
  const needed = Math.max(5, Math.ceil(Math.log10(n)));
  const most = Math.ceil(Math.sqrt(n)) + needed;
  const limit = INSIGNIFICANT * Math.sqrt(Math.log10(n) / n);
  for (let lag = 0; lag + needed <= most; lag++) {
    const next = Array.from({ length: needed }, (_, ahead) => correlation(lag + 1 + ahead));
    if (next.every((value) => Math.abs(value) < limit)) return Math.max(1, lag);
  }
  return most;
}

/** 1 up to the half, then down to 0 (Politis & Romano 1995). */
const flatTop = (share: number): number => (share <= 0.5 ? 1 : Math.max(0, 2 * (1 - share)));
