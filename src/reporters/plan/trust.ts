import type { ForecastDemand } from "../../model/forecast-demand.ts";
import { counted, formatQuantity } from "../../model/unit.ts";
import { quantityOf } from "./words.ts";

/** How far a forecast is to be trusted: what the same method said on earlier days of the signal, beside what came. */

export function backtestSentence(demand: ForecastDemand): string {
  const { horizonDays, origins, mase, coverage80, coverage95, beatsSeasonalNaive } = demand.backtest;
  const parts = [
    ...(coverage80 === null
      ? []
      : [`${formatQuantity(coverage80, "ratio")} of what came was inside p10 to p90 (80% is right)`]),
    mase === null ? "no scale" : `MASE ${mase.toFixed(2)}`,
    ...(coverage95 === null ? [] : [`${formatQuantity(coverage95, "ratio")} inside the 95% interval`]),
    beatsSeasonalNaive ? "better than last week repeated" : "no better than last week repeated",
  ];
  const tried = `tried on ${origins} earlier windows of this signal, ${horizonDays} days ahead: ${parts.join(", ")}`;
  const lastTime = lastTimeSentence(demand);
  return [tried, ...(lastTime === null ? [] : [lastTime])].join("; ");
}

/** What the same forecast said last time, beside what came. */
export function lastTimeSentence({ lastTime, unit }: ForecastDemand): string | null {
  if (lastTime === null) return null;
  const { madeOn, day, p10, p50, p90, came } = lastTime;
  const shown = (value: number) => quantityOf(value, unit);
  return `made on ${madeOn} it says ${shown(p10)} to ${shown(p90)} (p50 ${shown(p50)}) for ${day}; ${shown(came)} came`;
}

/** How the last forecast of the same method did: the mean error of p50 and the share of days in its interval. */
export function lastForecastScore({
  lastForecast,
}: ForecastDemand): { days: number; error: number; inside: number } | null {
  if (lastForecast === null) return null;
  const { p10, p50, p90, came } = lastForecast;
  const days = came.flatMap((value, at) =>
    value === null ? [] : [{ value, p10: p10[at] ?? 0, p50: p50[at] ?? 0, p90: p90[at] ?? 0 }],
  );
  const total = days.reduce((sum, { value }) => sum + Math.abs(value), 0);
  if (total === 0) return null;
  return {
    days: days.length,
    error: days.reduce((sum, day) => sum + Math.abs(day.value - day.p50), 0) / total,
    inside: days.filter((day) => day.value >= day.p10 && day.value <= day.p90).length / days.length,
  };
}

/** "off by 6%, 76% inside": the last forecast against what came. */
export function lastForecastCell(demand: ForecastDemand): string {
  const score = lastForecastScore(demand);
  if (score === null) return "–";
  return `off by ${(100 * score.error).toFixed(0)}%, ${(100 * score.inside).toFixed(0)}% inside`;
}

/** "79% of 4 × 90 days": what earlier windows held of p10 to p90. */
export function heldCell({ backtest: { coverage80, origins, horizonDays } }: ForecastDemand): string {
  return coverage80 === null
    ? "–"
    : `${(100 * coverage80).toFixed(0)}% of ${origins} × ${counted(horizonDays, "day")}`;
}
