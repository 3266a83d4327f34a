import { type Line, theilSen } from "../../../stats/lines.ts";
import type { Method } from "../method.ts";

/** The Theil–Sen line through the whole series, with the mean deviations of the shortest season. */
export const theilSenLine: Method = (history, horizon, { seasons }) => {
  const season = seasons[0] ?? 1;
  if (history.length < Math.max(8, 3 * season)) return null;
  const times = Array.from({ length: history.length }, (_, at) => at);
  const first = theilSen(times, history);
  if (first === null) return null;
  const deviations = meanDeviations(history, first, season);
  const line = theilSen(
    times,
    history.map((value, at) => value - (deviations[at % season] as number)),
  );
  if (line === null) return null;
  return Float64Array.from({ length: horizon }, (_, step) => {
    const at = history.length + step;
    return line.intercept + line.slope * at + (deviations[at % season] as number);
  });
};

function meanDeviations(history: Float64Array, { intercept, slope }: Line, season: number): Float64Array {
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  history.forEach((value, at) => {
    sums[at % season] = (sums[at % season] as number) + value - intercept - slope * at;
    counts[at % season] = (counts[at % season] as number) + 1;
  });
  return sums.map((sum, position) => sum / (counts[position] as number));
}
