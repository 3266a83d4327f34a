/** sMAPE of one forecast, percent: mean of 200·|y−f| / (|y|+|f|), 0 where both are 0 (Makridakis, M4). */
export function smape(actual: Float64Array, forecast: Float64Array): number {
  let sum = 0;
  actual.forEach((value, step) => {
    const guess = forecast[step] as number;
    const size = Math.abs(value) + Math.abs(guess);
    if (size > 0) sum += (200 * Math.abs(value - guess)) / size;
  });
  return sum / actual.length;
}

/** In-sample mean |y_t − y_{t−m}|: what MASE divides by. Null when it is 0 or the history is shorter than a season. */
export function naiveScale(history: Float64Array, season: number): number | null {
  let sum = 0;
  for (let at = season; at < history.length; at++)
    sum += Math.abs((history[at] as number) - (history[at - season] as number));
  const scale = sum / (history.length - season);
  return scale > 0 ? scale : null;
}

/** Mean absolute error over the naive scale (Hyndman & Koehler 2006). */
export function mase(actual: Float64Array, forecast: Float64Array, scale: number): number {
  return meanAbsoluteError(actual, forecast) / scale;
}

export function meanAbsoluteError(actual: Float64Array, forecast: Float64Array): number {
  return (
    actual.reduce((sum, value, step) => sum + Math.abs(value - (forecast[step] as number)), 0) / actual.length
  );
}
