/**
 * Minimum of a function of a few bounded parameters, by Nelder & Mead's simplex (1965) with the usual coefficients.
 * Points outside the bounds are moved onto them. For smoothing parameters, where a gradient is not worth its cost.
 *
 * @returns the best point found and its value
 */
export function minimise(
  cost: (point: Float64Array) => number,
  start: readonly number[],
  bounds: readonly (readonly [number, number])[],
  evaluations = 200,
): { point: Float64Array; value: number } {
  const size = start.length;
  let left = evaluations;
  const clamp = (point: Float64Array) =>
    point.map((value, index) =>
      Math.min(
        (bounds[index] as readonly [number, number])[1],
        Math.max((bounds[index] as readonly [number, number])[0], value),
      ),
    );
  const at = (point: Float64Array) => {
    left--;
    const value = cost(point);
    return { point, value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY };
  };
  const first = clamp(Float64Array.from(start));
  const simplex = [at(first)];
  for (let index = 0; index < size; index++) {
    const [low, high] = bounds[index] as readonly [number, number];
    const next = Float64Array.from(first);
    const stride = (high - low) * 0.25;
    next[index] =
      (next[index] as number) + stride <= high
        ? (next[index] as number) + stride
        : (next[index] as number) - stride;
    simplex.push(at(clamp(next)));
  }
  const between = (from: Float64Array, to: Float64Array, share: number) =>
    clamp(from.map((value, index) => value + share * ((to[index] as number) - value)));
  while (left > 0) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0] as (typeof simplex)[0];
    const worst = simplex[size] as (typeof simplex)[0];
    if (Math.abs(worst.value - best.value) <= 1e-8 * (Math.abs(best.value) + 1e-12)) break;
    const centre = new Float64Array(size);
    for (const { point } of simplex.slice(0, size))
      point.forEach((value, index) => {
        centre[index] = (centre[index] as number) + value / size;
      });
    const reflected = at(between(worst.point, centre, 2));
    if (reflected.value < best.value) {
      const expanded = at(between(worst.point, centre, 3));
      simplex[size] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < (simplex[size - 1] as (typeof simplex)[0]).value) {
      simplex[size] = reflected;
    } else {
      const contracted = at(between(worst.point, centre, reflected.value < worst.value ? 1.5 : 0.5));
      if (contracted.value < Math.min(worst.value, reflected.value)) simplex[size] = contracted;
      else
        for (let index = 1; index <= size; index++)
          simplex[index] = at(between((simplex[index] as typeof best).point, best.point, 0.5));
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return simplex[0] as { point: Float64Array; value: number };
}
