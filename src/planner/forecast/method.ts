/** What a method may know of a series besides its values. */
export interface Shape {
  /** Lengths of the seasons it may have, in points, shortest first: [24, 168]. Empty: none. */
  readonly seasons: readonly number[];
}

/**
 * Forecasts the next `horizon` points of a regularly spaced series without gaps, or null where the method needs more
 * history or another kind of series. Pure and deterministic.
 */
export type Method = (history: Float64Array, horizon: number, shape: Shape) => Float64Array | null;
