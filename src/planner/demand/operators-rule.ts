import { quantileSorted } from "simple-statistics";
import type { OperatorsRule } from "../../model/plan.ts";
import { formatQuantity, type Unit } from "../../model/unit.ts";
import { leastSquares } from "../../stats/lines.ts";

/** How a system's operators foresee a signal today. */
export type OperatorsForecast =
  | { readonly rule: "least-squares" }
  | { readonly rule: "p95-growth"; readonly growth: number };

/**
 * The operators' own forecast from the same points, uncleaned as they take them: a least-squares line carried to the
 * horizon, or the 95th percentile times one plus a flat growth.
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
  const line = leastSquares(
    present.map(({ index }) => index),
    present.map(({ value }) => value),
  );
  if (line === null) return { value: null, formula: "least squares: one point" };
  const ahead = values.length - 1 + (horizonDays * 86_400_000) / stepMs;
  return {
    value: line.intercept + line.slope * ahead,
    formula: `least squares through all points, ${horizonDays} days on`,
  };
}
