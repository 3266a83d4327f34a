/** The median of the values from one index up to another; NaN of none. */
export function medianOf(values: ArrayLike<number>, from = 0, to = values.length): number {
  const part = new Float64Array(Math.max(0, to - from));
  for (let index = from; index < to; index++) part[index - from] = values[index] as number;
  return quantileOfSorted(part.sort(), 0.5);
}

/** Linear between the order statistics (type 7 of Hyndman & Fan 1996); NaN of none. */
export function quantileOfSorted(sorted: Float64Array, quantile: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * quantile;
  const low = Math.floor(at);
  const below = sorted[low] as number;
  return below + (at - low) * ((sorted[Math.min(sorted.length - 1, low + 1)] as number) - below);
}

/** The median absolute deviation from zero, scaled to the standard deviation of a normal distribution. */
export const scaledDeviation = (values: ArrayLike<number>): number =>
  1.4826 * medianOf(Float64Array.from(values, Math.abs));
