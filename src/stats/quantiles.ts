/** The median of the values from one index up to another; NaN of none. */
export function medianOf(values: ArrayLike<number>, from = 0, to = values.length): number {
  const part = new Float64Array(Math.max(0, to - from));
  for (let index = from; index < to; index++) part[index - from] = values[index] as number;
  if (part.length === 0) return Number.NaN;
  const low = (part.length - 1) >> 1;
  const below = selected(part, low);
  if (part.length % 2 === 1) return below;
  let above = part[low + 1] as number;
  for (let index = low + 2; index < part.length; index++) above = Math.min(above, part[index] as number);
  return below + 0.5 * (above - below);
}

/**
 * The value that would be at an index if all were sorted, none before it being greater and none after it less (Hoare's
 * quickselect, 1961): a median costs a pass or two instead of a sort.
 */
function selected(values: Float64Array, wanted: number): number {
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = values[(left + right) >> 1] as number;
    let [up, down] = [left, right];
    while (up <= down) {
      while ((values[up] as number) < pivot) up++;
      while ((values[down] as number) > pivot) down--;
      if (up > down) break;
      const value = values[up] as number;
      values[up++] = values[down] as number;
      values[down--] = value;
    }
    if (wanted <= down) right = down;
    else if (wanted >= up) left = up;
    else break;
  }
  return values[wanted] as number;
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
