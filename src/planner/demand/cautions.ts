import { formatNumber, formatQuantity, type Unit } from "../../model/unit.ts";
import type { DailyForecast } from "../forecast/daily.ts";

/** Times the highest ever seen beyond which a forecast does not go without a word. */
const PLAUSIBLE = 2;
/** Share of the held-out days in the interval of four fifths below which it is not to be relied on: half of what it says. */
const LEAST_HELD = 0.4;

/** Why a forecast is to be trusted less, a sentence each. */
export function cautionsOn(
  p90: number,
  highestSeen: number,
  { coverage80, origins, horizonDays }: DailyForecast["backtest"],
  unit: Unit,
): string[] {
  const shown = (value: number) => formatQuantity(value, unit);
  return [
    ...(highestSeen > 0 && p90 > PLAUSIBLE * highestSeen
      ? [
          `p90 at the horizon, ${shown(p90)}, is ${formatNumber(p90 / highestSeen)} times the highest ever seen (${shown(highestSeen)}): the history is too unsteady for a narrower answer`,
        ]
      : []),
    ...(coverage80 !== null && coverage80 < LEAST_HELD
      ? [
          `the interval held ${formatQuantity(coverage80, "ratio")} of what came when it was tried on ${origins} earlier windows of ${horizonDays} days, 80% is right: do not rely on it`,
        ]
      : []),
  ];
}
