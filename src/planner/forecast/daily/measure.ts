/** The scale on which a series is forecast: logarithms where growth is relative, else values over their usual size. */
export interface Measure {
  readonly name: "relative" | "absolute";
  to(value: number): number;
  from(measured: number): number;
}

/** Logarithms for positive values; otherwise the mean size is one, and what was never negative stays so. */
export function measureOf(values: readonly number[]): Measure {
  if (values.every((value) => value > 0)) return { name: "relative", to: Math.log, from: Math.exp };
  const size = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length || 1;
  const floor = values.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  return {
    name: "absolute",
    to: (value) => value / size,
    from: (measured) => Math.max(floor, measured * size),
  };
}
