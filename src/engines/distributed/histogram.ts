import type { Bucket } from "../../prometheus/histogram.ts";

/** How many samples lie at or below a value, counted one by one. */
export interface Edge {
  readonly at: number;
  readonly below: number;
}

/**
 * The buckets cut at a value where the samples on each side were counted. Null when the counts contradict the
 * buckets: then one of them is not about the same samples.
 */
export function cutAt(buckets: readonly Bucket[], { at, below }: Edge): Bucket[] | null {
  const under = buckets.filter(({ high }) => high <= at).reduce((sum, { count }) => sum + count, 0);
  const holder = buckets.find(({ low, high }) => low < at && at < high);
  if (holder === undefined) return under === below ? [...buckets] : null;
  const [lower, upper] = [below - under, holder.count - (below - under)];
  if (lower < 0 || upper < 0) return null;
  const parts = [
    { low: holder.low, high: at, count: lower },
    { low: at, high: holder.high, count: upper },
  ].filter(({ count }) => count > 0);
  return buckets.flatMap((bucket) => (bucket === holder ? parts : [bucket]));
}

/** The bucket that holds the sample of a quantile (nearest rank), and a value within it. */
export function quantileOf(buckets: readonly Bucket[], q: number): { value: number; bucket: Bucket } | null {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.min(total, Math.max(1, Math.ceil(q * total - 1e-9)));
  let before = 0;
  for (const bucket of buckets) {
    if (bucket.count > 0 && rank <= before + bucket.count) {
      // Ranks sit in the middle of their share of the bucket, so that none falls on a bound.
      const share = (rank - before - 0.5) / bucket.count;
      return { value: bucket.low + (bucket.high - bucket.low) * share, bucket };
    }
    before += bucket.count;
  }
  return null;
}
