import type { DemandSeries, ForecastDemand, Quantiles } from "../../model/forecast-demand.ts";
import type { SignalHistory } from "../../model/history.ts";
import type { Plan } from "../../model/plan.ts";
import type { Unit } from "../../model/unit.ts";
import type { Holidays } from "../forecast/daily/holidays.ts";
import { withRecurrence } from "../forecast/daily/recurrence.ts";
import { type DailyForecast, forecastDaily, LEAST_DAYS } from "../forecast/daily.ts";
import type { Spread } from "../forecast/spread.ts";
import { type Additions, adjustedPaths, adjustedSpread, adjustmentsOf } from "./additions.ts";
import { type BusyDay, busyHours, DAY_MS, dayName } from "./busy-hour.ts";
import { cautionsOn } from "./cautions.ts";
import { cleanDaily, type Incident } from "./clean.ts";
import { coverageOf } from "./data-quality.ts";
import { type DemandPath, pathOf } from "./demand-path.ts";
import { seriesOf } from "./demand-series.ts";
import { olderBusyHours, peakOverMean } from "./older-days.ts";
import { type OperatorsForecast, operatorsForecast } from "./operators-rule.ts";

/** Less than this of the history since it began is no ground for a forecast. */
const LEAST_COVERAGE = 0.5;
/** Days without data at the end from which on "now" is no longer known. */
const MOST_STALE_DAYS = 7;
const WEEK = 7;

export interface DemandSpec {
  readonly id: string;
  readonly unit: Unit;
  readonly kind: "flow" | "stock";
}

export interface DemandContext {
  readonly startMs: number;
  readonly stepMs: number;
  readonly endMs: number;
  readonly horizonDays: number;
  readonly additions: Additions;
  readonly operators: OperatorsForecast | null;
  /** Public holidays of the history and of the days ahead; absent: the profile names no calendar. */
  readonly holidays?: Holidays | undefined;
  /** Of each day the busiest hour's mean, or its greatest single point: what counts for what breaks at once. */
  readonly of?: "busy-hour" | "highest-point";
}

export interface DemandResult {
  readonly row: Plan["demands"][number];
  readonly findings: readonly string[];
  /** Days whose busy hour is known. */
  readonly days: number;
  readonly path: DemandPath | null;
  readonly series: DemandSeries;
}

/** History of one signal → its busy-hour demand by day, or the reason why there is none. */
export function forecastDemand(
  spec: DemandSpec,
  history: SignalHistory,
  context: DemandContext,
): DemandResult {
  const { additions, horizonDays } = context;
  const today = Math.floor(context.endMs / DAY_MS);
  const grid = { startMs: context.startMs, stepMs: context.stepMs, values: history.values };
  // The busiest hour of a day that is not over may be still to come.
  const fine = busyHours(grid);
  const busy = [...olderBusyHours(history, peakOverMean(fine)), ...fine].filter(({ day }) => day < today);
  const levelOf = ({ value, peak }: BusyDay) => (context.of === "highest-point" ? peak : value);
  const seen = { days: busy.map(({ day }) => day), values: busy.map(levelOf) };
  const refuse = (refused: string, findings: readonly string[] = []): DemandResult => ({
    row: { signal: spec.id, refused },
    findings,
    days: busy.length,
    path: null,
    series: seriesOf(spec, busy, null, 0),
  });
  if (history.failure !== null) return refuse(history.failure);
  const coverage = coverageOf(history.values, Math.max(0, history.values.findIndex(isKnown)));
  if (coverage < LEAST_COVERAGE)
    return refuse(`no coverage: ${(coverage * 100).toFixed(0)}% of the history is there, 50% is needed`);
  if (busy.length < LEAST_DAYS)
    return refuse(`too short: ${busy.length} whole days, ${LEAST_DAYS} are needed`);
  const staleDays = today - 1 - (busy.at(-1) as BusyDay).day;
  if (staleDays > MOST_STALE_DAYS)
    return refuse(`it ends ${staleDays} days before the history does: nothing is known of now`);
  const { series, incidents, findings, refused } = cleanDaily(seen, context.holidays);
  if (refused !== null) return refuse(refused, findings);
  const forecast = forecastDaily(series, horizonDays, today, spec.kind, context.holidays);
  if (forecast === null)
    return refuse(`too short: ${series.days.length} ordinary days, ${LEAST_DAYS} are needed`, findings);
  const now = Math.max(...series.values.slice(-WEEK));
  const organic = forecast.spread;
  const last = series.values.at(-1) as number;
  const adjustments = adjustmentsOf(organic, additions, spec.kind, today, horizonDays, last);
  const spread = adjustedSpread(organic, adjustments);
  const operators =
    context.operators &&
    operatorsForecast(history.values, context.stepMs, horizonDays, context.operators, spec.unit);
  return {
    row: rowOf(
      spec,
      forecast,
      { now, organic, spread, operators, firstDay: today, highestSeen: Math.max(...seen.values) },
      context,
    ),
    findings,
    days: busy.length,
    path: pathOf(
      {
        signal: spec.id,
        unit: spec.unit,
        firstDay: today,
        operators: operators?.value ?? null,
        worst: worstOf(incidents, spread.at(0.5, busiest(spread, horizonDays - 1))),
      },
      withRecurrence(adjustedPaths(forecast.paths, adjustments), incidents, today - (seen.days[0] as number)),
    ),
    series: seriesOf(spec, busy, { spread, firstDay: today }, horizonDays),
  };
}

const isKnown = (value: number | null) => value !== null;

interface Parts {
  readonly now: number;
  readonly organic: Spread;
  readonly spread: Spread;
  readonly operators: ForecastDemand["operatorsRule"];
  readonly firstDay: number;
  readonly highestSeen: number;
}

function rowOf(
  spec: DemandSpec,
  { method, backtest, growthPer30Days, lastTime, lastForecast }: DailyForecast,
  { now, organic, spread, operators, firstDay, highestSeen }: Parts,
  { horizonDays, additions }: DemandContext,
): ForecastDemand {
  const end = horizonDays - 1;
  const finish = busiest(organic, end);
  return {
    signal: spec.id,
    unit: spec.unit,
    method,
    backtest,
    now,
    growthPer30Days,
    atHorizon: quantilesAt(spread, busiest(spread, end)),
    organic: quantilesAt(organic, finish),
    added: [
      ...(additions.growth === 0 ? [] : [{ name: "growth", from: null, factor: 1 + additions.growth }]),
      ...additions.events.map(({ name, day, change }) => ({
        name,
        from: dayName(day),
        factor: firstDay + end >= day ? 1 + change : 1,
      })),
    ],
    operatorsRule: operators,
    highestSeen,
    cautions: cautionsOn(quantilesAt(spread, busiest(spread, end)).p90, highestSeen, backtest, spec.unit),
    lastTime:
      lastTime === null
        ? null
        : { ...lastTime, madeOn: dayName(lastTime.madeOn), day: dayName(lastTime.day) },
    lastForecast,
  };
}

/** The greatest of the incidents that were left out; what was less than usual needs nothing. */
function worstOf(incidents: readonly Incident[], level: number): DemandPath["worst"] {
  const worst = incidents
    .filter(({ change }) => change > 0)
    .reduce<Incident | null>((most, one) => (most === null || one.change > most.change ? one : most), null);
  return worst && { day: worst.firstDay, change: worst.change, level: level * (1 + worst.change) };
}

const quantilesAt = (spread: Spread, step: number): Quantiles => ({
  p10: spread.at(0.1, step),
  p50: spread.at(0.5, step),
  p90: spread.at(0.9, step),
});

/** The busiest day of the week that ends with a step. */
function busiest(spread: Spread, end: number): number {
  let best = end;
  for (let step = Math.max(0, end - WEEK + 1); step < end; step++)
    if (spread.at(0.5, step) > spread.at(0.5, best)) best = step;
  return best;
}
