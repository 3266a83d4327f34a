import type { DemandSeries, ForecastDemand } from "../../model/forecast-demand.ts";
import { dayAfter, isForecast, isSized, type Plan } from "../../model/plan.ts";
import type { SizingLine } from "../../model/sizing-line.ts";
import { lastForecastCell } from "../plan/trust.ts";
import { quantityOf } from "../plan/words.ts";
import { type Chart, type ChartUnit, inReadableUnit, type Moment, type Series } from "./chart.ts";

/** One picture per demand; those that what is tightest depends on come first. */
export function demandCharts(plan: Plan, lines: readonly SizingLine[]): Chart[] {
  const rank = orderOf(lines);
  return plan.series
    .filter(({ seen }) => seen.length > 0)
    .sort((a, b) => rank(a) - rank(b))
    .map((series, index) => inReadableUnit(demandChart(series, index, plan, lines)));
}

/** What the same method said on an earlier day of the history, beside what came: the days ahead once more, already known. */
export function lastForecastCharts(plan: Plan, lines: readonly SizingLine[]): Chart[] {
  const order = orderOf(lines);
  const drawn = new Set(plan.series.map(({ signal }) => signal));
  return plan.demands
    .filter(isForecast)
    .filter(({ signal }) => drawn.has(signal))
    .sort((a, b) => order(a) - order(b))
    .flatMap((demand, index) => {
      const { signal, unit, lastForecast } = demand;
      if (lastForecast === null) return [];
      const { firstDay, everyDays, p10, p50, p90, came } = lastForecast;
      return inReadableUnit({
        id: `last-forecast-${index}`,
        title: `${signal}: ${lastForecastCell(demand)}`,
        x: {
          kind: "day",
          label: "day",
          values: came.map((_, at) => Date.parse(dayAfter(firstDay, at * everyDays)) / 1000),
        },
        y: { label: signal, unit: unit as ChartUnit },
        series: [{ name: "what came", shape: "line", tone: "first", values: came }, ...bandOf(p10, p50, p90)],
        spans: [],
        levels: [],
        moments: [],
      });
    });
}

const bandOf = (p10: Series["values"], p50: Series["values"], p90: Series["values"]): Series[] => [
  { name: "p10–p90", shape: "range", tone: "third", values: p10 },
  { name: "p90", shape: "range-end", tone: "third", values: p90 },
  { name: "p50", shape: "dashed", tone: "third", values: p50 },
];

/** What is tightest leads. */
function orderOf(lines: readonly SizingLine[]): (demand: { readonly signal: string }) => number {
  const order = lines.flatMap(({ ceilings }) => ceilings.map(({ signal }) => signal));
  return ({ signal }) => (order.includes(signal) ? order.indexOf(signal) : order.length);
}

function demandChart(series: DemandSeries, index: number, plan: Plan, lines: readonly SizingLine[]): Chart {
  const { signal, unit, firstDay, seen, p10, p50, p90 } = series;
  const day = (name: string) => Date.parse(name) / 1000;
  const row = plan.demands.filter(isForecast).find((demand) => demand.signal === signal);
  const ceiling = lowestCeiling(signal, lines);
  const highest = [...seen, ...p90].reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const isInSight = ceiling !== null && ceiling.level <= 2.5 * highest;
  return {
    id: `demand-${index}`,
    title: signal,
    x: { kind: "day", label: "day", values: seen.map((_, at) => day(dayAfter(firstDay, at))) },
    y: { label: signal, unit: unit as ChartUnit },
    series: [{ name: "busy hour", shape: "line", tone: "first", values: seen }, ...bandOf(p10, p50, p90)],
    spans: [],
    levels:
      ceiling !== null && isInSight
        ? [{ value: ceiling.level, name: `today's ${ceiling.resource} suffices up to here`, tone: "bad" }]
        : [],
    moments: [...eventsOf(row), ...runOutOf(ceiling, lines)],
    ...(ceiling !== null && !isInSight
      ? {
          note: `Today's ${ceiling.resource} suffices up to ${quantityOf(ceiling.level, unit)}, above the picture.`,
        }
      : {}),
  };
}

interface Ceiling {
  readonly resource: string;
  readonly level: number;
}

function lowestCeiling(signal: string, lines: readonly SizingLine[]): Ceiling | null {
  const found = lines.flatMap(({ resource, ceilings }) =>
    ceilings.filter((ceiling) => ceiling.signal === signal).map(({ level }) => ({ resource, level })),
  );
  return found.sort((a, b) => a.level - b.level)[0] ?? null;
}

function eventsOf(row: ForecastDemand | undefined): Moment[] {
  return (row?.added ?? []).flatMap(({ name, from }) =>
    from === null ? [] : [{ at: Date.parse(from) / 1000, name, tone: "second" as const }],
  );
}

function runOutOf(ceiling: Ceiling | null, lines: readonly SizingLine[]): Moment[] {
  const line = lines.filter(isSized).find(({ resource }) => resource === ceiling?.resource);
  const date = line?.runsOut?.likely ?? line?.runsOut?.early ?? null;
  return date === null ? [] : [{ at: Date.parse(date) / 1000, name: `runs out ${date}`, tone: "bad" }];
}
