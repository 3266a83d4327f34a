import { seededRandom } from "../stats/random.ts";

const RESAMPLES = 500;
const LEAST_BLOCKS = 4;
const LONGEST_SHARE = 6;

export interface Spread {
  readonly standardError: number;
  /** Blocks less one. */
  readonly degrees: number;
}

/**
 * Standard error of a statistic of a series whose neighbours depend on one another (a queue that is long now is long
 * in a second): whole blocks of time are drawn again, in a circle, and the statistic computed from each draw.
 * Additive columns make a draw a few sums: a row holds what one second adds to each.
 * Source: Politis & Romano (1992), A circular block-resampling procedure for stationary data.
 *
 * A short series hides how long its memory is: besides the given length one of a sixth of the series is tried, and the
 * greater error stands.
 *
 * @param length of a block, in rows
 * @param statistic of the columns' sums; null where a draw has none
 * @returns null with fewer than four blocks, or when draws had no statistic
 */
export function blockBootstrap(
  rows: readonly Float64Array[],
  length: number,
  statistic: (sums: Float64Array) => number | null,
): Spread | null {
  const long = Math.floor(rows.length / LONGEST_SHARE);
  const found = [...new Set([length, Math.max(length, long)])].map((one) => spreadWith(rows, one, statistic));
  return (
    found.reduce((most, one) =>
      most === null || one === null ? null : one.standardError > most.standardError ? one : most,
    ) ?? null
  );
}

function spreadWith(
  rows: readonly Float64Array[],
  length: number,
  statistic: (sums: Float64Array) => number | null,
): Spread | null {
  const n = rows.length;
  const blocks = Math.floor(n / length);
  if (blocks < LEAST_BLOCKS) return null;
  const sumOf = blockSums(rows, length);
  const columns = rows[0]?.length ?? 0;
  const random = seededRandom(n);
  const drawn: number[] = [];
  const sums = new Float64Array(columns);
  for (let draw = 0; draw < RESAMPLES; draw++) {
    sums.fill(0);
    for (let block = 0; block < blocks; block++) {
      const part = sumOf[Math.floor(random() * n)] as Float64Array;
      for (let column = 0; column < columns; column++) sums[column]! += part[column]!;
    }
    const value = statistic(sums);
    if (value !== null && Number.isFinite(value)) drawn.push(value);
  }
  if (drawn.length < 0.9 * RESAMPLES) return null;
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (drawn.length - 1);
  // Draws of k blocks spread as if the series' own mean were the true one: k / (k − 1) too little.
  return { standardError: Math.sqrt((variance * blocks) / (blocks - 1)), degrees: blocks - 1 };
}

/** The sum of `length` rows from each row on, around the end. */
function blockSums(rows: readonly Float64Array[], length: number): Float64Array[] {
  return rows.map((first, from) => {
    const sum = Float64Array.from(first);
    for (let ahead = 1; ahead < length; ahead++) {
      const row = rows[(from + ahead) % rows.length] as Float64Array;
      for (let column = 0; column < sum.length; column++) sum[column]! += row[column]!;
    }
    return sum;
  });
}
