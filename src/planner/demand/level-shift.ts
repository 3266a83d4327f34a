import type { DailySeries } from "../forecast/daily-series.ts";

/** Days a level must hold on either side. */
const LEAST_SIDE = 4;
/** Smallest shift that is one, relative. */
const LEAST_SHIFT = 0.15;
/** The step's t statistic, autocorrelation allowed for, beyond which it is no chance (the best of ~80 places is tried). */
const LEAST_T = 6;

/**
 * The most likely sudden and lasting change of level, or null: for every place, least squares of the logarithms on a
 * line, the weekdays and a step there; the place with the greatest t statistic of the step wins (a Chow-type search,
 * Andrews 1993).
 *
 * @returns the index of the first day after, and the factor from before to after
 */
export function findLevelShift({ days, values }: DailySeries): { at: number; factor: number } | null {
  const size = values.length;
  if (size < 4 * LEAST_SIDE + 9) return null;
  const first = days[0] as number;
  const basis = days.map((day) => [
    (day - first) / size,
    ...Array.from({ length: 7 }, (_, weekday) => (day % 7 === weekday ? 1 : 0)),
  ]);
  const logs = values.map(Math.log);
  const columns = orthonormal(
    Array.from({ length: 8 }, (_, column) => basis.map((row) => row[column] as number)),
  );
  const rest = residual(logs, columns);
  let best: { at: number; step: number; t: number } | null = null;
  for (let at = LEAST_SIDE; at <= size - LEAST_SIDE; at++) {
    const stepLeft = residual(
      days.map((_, index) => (index >= at ? 1 : 0)),
      columns,
    );
    const power = dot(stepLeft, stepLeft);
    if (!(power > 1e-9)) continue;
    const step = dot(stepLeft, rest) / power;
    const errors = rest.map((value, index) => value - step * (stepLeft[index] as number));
    const variance = dot(errors, errors) / (size - 9);
    const rho = Math.min(
      0.9,
      Math.max(0, dot(errors.slice(1), errors.slice(0, -1)) / (dot(errors, errors) || 1)),
    );
    const t = Math.abs(step) / Math.sqrt((variance / power) * ((1 + rho) / (1 - rho)) + 1e-18);
    if (best === null || t > best.t) best = { at, step, t };
  }
  if (best === null || best.t < LEAST_T || Math.abs(Math.expm1(best.step)) < LEAST_SHIFT) return null;
  return { at: best.at, factor: Math.exp(best.step) };
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

function residual(vector: readonly number[], columns: readonly (readonly number[])[]): number[] {
  const left = [...vector];
  for (const column of columns) {
    const share = dot(left, column);
    for (let index = 0; index < left.length; index++)
      left[index] = (left[index] as number) - share * (column[index] as number);
  }
  return left;
}

/** Gram–Schmidt; columns that add nothing are left out. */
function orthonormal(columns: readonly (readonly number[])[]): number[][] {
  const made: number[][] = [];
  for (const column of columns) {
    const left = residual(column, made);
    const length = Math.sqrt(dot(left, left));
    if (length > 1e-9) made.push(left.map((value) => value / length));
  }
  return made;
}
