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
  const present = values.flatMap((value, index) => (value === null ? [] : [{ index, value }]));
  if (present.length < 2) return { value: null, formula: `${forecast.rule}: no points` };
  if (forecast.rule === "p95-growth") {
    const p95 = quantileSorted(
      present.map(({ value }) => value).sort((a, b) => a - b),
      0.95,
    );
    return {
      value: p95 * (1 + forecast.growth),
      formula: `p95 of all points ${formatQuantity(p95, unit)} × (1 + ${(forecast.growth * 100).toFixed(0)}%)`,
    };
  }
  // As their script has it: whole days since the first sample, and the slope from the last sample on, whatever hour it is of.
  const first = present[0] as { index: number };
  const line = leastSquares(
    present.map(({ index }) => Math.floor(((index - first.index) * stepMs) / 86_400_000)),
    present.map(({ value }) => value),
  );
  if (line === null) return { value: null, formula: "least squares: one point" };
  const last = (present.at(-1) as { value: number }).value;
  return {
    value: last + line.slope * horizonDays,
    formula: `last sample ${formatQuantity(last, unit)} + ${horizonDays} days of the least-squares slope`,
  };
}
