import { median } from "simple-statistics";

/** Points up to which every pair is looked at; beyond, only pairs half the length apart. */
const ALL_PAIRS = 400;

export interface Line {
  readonly intercept: number;
  readonly slope: number;
}

/**
 * The median slope of all pairs and the median intercept (Theil 1950, Sen 1968): up to 29% of the points may be wild
 * without moving it far. Beyond 400 points only pairs half the length apart are used (Theil's incomplete method).
 *
 * @param xs ascending and distinct
 * @returns null with fewer than two points
 */
export function theilSen(xs: ArrayLike<number>, ys: ArrayLike<number>): Line | null {
  const size = xs.length;
  if (size < 2) return null;
  const slopes: number[] = [];
  const between = (i: number, j: number) =>
    slopes.push(((ys[j] as number) - (ys[i] as number)) / ((xs[j] as number) - (xs[i] as number)));
  if (size <= ALL_PAIRS) {
    for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) between(i, j);
  } else {
    const half = Math.ceil(size / 2);
    for (let i = 0; i + half < size; i++) between(i, i + half);
  }
  const slope = median(slopes);
  return {
    slope,
    intercept: median(Array.from({ length: size }, (_, i) => (ys[i] as number) - slope * (xs[i] as number))),
  };
}

/** The line of least squared error, or null with fewer than two distinct x. */
export function leastSquares(xs: ArrayLike<number>, ys: ArrayLike<number>): Line | null {
  const size = xs.length;
  let [sumX, sumY] = [0, 0];
  for (let index = 0; index < size; index++) {
    sumX += xs[index] as number;
    sumY += ys[index] as number;
  }
  const [x, y] = [sumX / size, sumY / size];
  let [square, product] = [0, 0];
  for (let index = 0; index < size; index++) {
    const away = (xs[index] as number) - x;
    square += away ** 2;
    product += away * ((ys[index] as number) - y);
  }
  if (!Array.prototype.some.call(xs, (one) => one !== xs[0])) return null;
  const slope = product / square;
  return { slope, intercept: y - slope * x };
}
