import type { DemandSeries, ForecastDemand, Quantiles } from "../../model/forecast-demand.ts";
import type { SignalHistory } from "../../model/history.ts";
import type { DataQuality, Plan } from "../../model/plan.ts";
import type { Unit } from "../../model/unit.ts";
import { medianOf } from "../../stats/quantiles.ts";
import type { Holidays } from "../forecast/daily/holidays.ts";
import { withRecurrence } from "../forecast/daily/recurrence.ts";
import { type DailyForecast, forecastDaily, LEAST_DAYS } from "../forecast/daily.ts";
import type { Spread } from "../forecast/spread.ts";
import { type Additions, adjustedPaths, adjustedSpread, adjustmentsOf } from "./additions.ts";
import { type BusyDay, busyHours, DAY_MS, dayName } from "./busy-hour.ts";
import { cautionsOn } from "./cautions.ts";
import { cleanDaily, type Incident } from "./clean.ts";
import { type DemandPath, pathOf } from "./demand-path.ts";
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

/** Share of the points that are there, from an index on. */
function coverageOf(values: SignalHistory["values"], from = 0): number {
  let known = 0;
  for (let index = from; index < values.length; index++) if (values[index] !== null) known++;
  return values.length <= from ? 0 : known / (values.length - from);
}

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

/** How far a day's highest point is usually above the mean of its busiest hour. */
function peakOverMean(days: readonly BusyDay[]): number {
  const ratios = days.flatMap(({ value, peak }) => (value > 0 ? [peak / value] : []));
  return ratios.length === 0 ? 1 : medianOf(ratios);
}

/**
 * Busy hours of the days before the fine grid begins; the day on which it does belongs to the fine one. In steps of an
 * hour nothing higher than an hour is seen: the highest point is put where it usually is.
 */
function olderBusyHours({ older }: SignalHistory, peakOver: number): BusyDay[] {
  if (older === undefined) return [];
  const stepMs = older.stepSeconds * 1000;
  const startMs = Date.parse(older.start);
  const firstFine = Math.floor((startMs + older.values.length * stepMs) / DAY_MS);
  return busyHours({ startMs, stepMs, values: older.values })
    .filter(({ day }) => day < firstFine)
    .map((day) => ({ ...day, peak: day.value * peakOver }));
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

/** Every day from the first that was seen to the horizon's last. */
function seriesOf(
  { id, unit }: DemandSpec,
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

/** More than a picture or a score can tell. */
const sixDigits = (value: number) => Number(value.toPrecision(6));

/** The ledger's entry of one signal. */
export function qualityOf(
  history: SignalHistory,
  findings: readonly string[],
  days: number | null = null,
): DataQuality {
  let [gaps, length] = [0, 0];
  for (const value of [...history.values, 0]) {
    if (value === null) length++;
    else {
      if (length >= 2) gaps++;
      length = 0;
    }
  }
  return {
    signal: history.id,
    coverage: coverageOf(history.values),
    days,
    gaps,
    resets: history.resets,
    truncated: history.truncated,
    warnings: [...history.warnings, ...(history.failure === null ? [] : [history.failure]), ...findings],
  };
}
