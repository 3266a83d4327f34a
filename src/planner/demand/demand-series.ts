import { type DemandSeries, sixDigits } from "../../model/forecast-demand.ts";
import type { Spread } from "../forecast/spread.ts";
import { type BusyDay, dayName } from "./busy-hour.ts";

/** Every day from the first that was seen to the horizon's last. */
export function seriesOf(
  { id, unit }: { readonly id: string; readonly unit: string },
  busy: readonly BusyDay[],
  ahead: { spread: Spread; firstDay: number } | null,
  horizonDays: number,
): DemandSeries {
  const first = busy[0]?.day ?? ahead?.firstDay ?? 0;
  const last = ahead === null ? (busy.at(-1)?.day ?? first - 1) : ahead.firstDay + horizonDays - 1;
  const seen = new Map(busy.map(({ day, value }) => [day, value]));
  const days = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const forecast = (quantile: number) =>
    days.map((day) =>
      ahead === null || day < ahead.firstDay
        ? null
        : sixDigits(ahead.spread.at(quantile, day - ahead.firstDay)),
    );
  return {
    signal: id,
    unit,
    firstDay: dayName(first),
    seen: days.map((day) => (seen.has(day) ? sixDigits(seen.get(day) as number) : null)),
    p10: forecast(0.1),
    p50: forecast(0.5),
    p90: forecast(0.9),
  };
}
