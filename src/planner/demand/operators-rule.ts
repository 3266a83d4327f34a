import { quantileSorted } from "simple-statistics";
import type { OperatorsRule } from "../../model/forecast-demand.ts";
import { formatQuantity, type Unit } from "../../model/unit.ts";
import { leastSquares } from "../../stats/lines.ts";

/** How a system's operators foresee a signal today. */
export type OperatorsForecast =
  | { readonly rule: "least-squares" }
  | { readonly rule: "p95-growth"; readonly growth: number };

/**
 * The operators' own forecast from the same points, uncleaned as they take them: the last sample and the slope of a
 * least-squares line up to the horizon, or the 95th percentile times one plus a flat growth.
 */
export function operatorsForecast(
  values: readonly (number | null)[],
  stepMs: number,
  horizonDays: number,
  forecast: OperatorsForecast,
  unit: Unit,
): OperatorsRule {
  // Plain arrays of numbers: a history has tens of thousands of points.
  const [indices, present]: [number[], number[]] = [[], []];
  values.forEach((value, index) => {
    if (value === null) return;
    indices.push(index);
    present.push(value);
  });
  if (present.length < 2) return { value: null, formula: `${forecast.rule}: no points` };
  if (forecast.rule === "p95-growth") {
    const p95 = quantileSorted(
      present.sort((a, b) => a - b),
      0.95,
    );
    return {
      value: p95 * (1 + forecast.growth),
      formula: `p95 of all points ${formatQuantity(p95, unit)} × (1 + ${(forecast.growth * 100).toFixed(0)}%)`,
    };
  }
  // As their script has it: whole days since the first sample, and the slope from the last sample on, whatever hour it is of.
  const first = indices[0] as number;
  const line = leastSquares(
    indices.map((index) => Math.floor(((index - first) * stepMs) / 86_400_000)),
    present,
  );
  if (line === null) return { value: null, formula: "least squares: one point" };
  const last = present.at(-1) as number;
  return {
    value: last + line.slope * horizonDays,
    formula: `last sample ${formatQuantity(last, unit)} + ${horizonDays} days of the least-squares slope`,
  };
}
