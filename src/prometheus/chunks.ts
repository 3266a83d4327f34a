/** Points at every multiple of a step, both ends included, ms. */
export interface Chunk {
  readonly startMs: number;
  readonly endMs: number;
}

/** Prometheus refuses (end − start)/step > 11,000; other stores draw the line a little earlier. */
export const MOST_POINTS = 10_000;

/**
 * Cuts a window into chunks of at most `mostPoints` steps. Points lie on multiples of the step, so that a query
 * repeated later asks for the same ones; each chunk begins one step after the last ended, so that none is asked twice.
 */
export function planChunks(
  startMs: number,
  endMs: number,
  stepMs: number,
  mostPoints = MOST_POINTS,
): Chunk[] {
  if (!(stepMs > 0)) throw new RangeError(`a step of ${stepMs} ms is no step`);
  const first = Math.ceil(startMs / stepMs) * stepMs;
  const last = Math.floor(endMs / stepMs) * stepMs;
  const chunks: Chunk[] = [];
  for (let from = first; from <= last; from += mostPoints * stepMs) {
    chunks.push({ startMs: from, endMs: Math.min(last, from + (mostPoints - 1) * stepMs) });
  }
  return chunks;
}

/** Two halves of a chunk, or null when it is a single point. */
export function halve({ startMs, endMs }: Chunk, stepMs: number): [Chunk, Chunk] | null {
  const steps = Math.round((endMs - startMs) / stepMs);
  if (steps < 1) return null;
  const middleMs = startMs + Math.floor(steps / 2) * stepMs;
  return [
    { startMs, endMs: middleMs },
    { startMs: middleMs + stepMs, endMs },
  ];
}
