import { median } from "simple-statistics";
import type { Capacity } from "../model/capacity.ts";
import type { History, SignalHistory } from "../model/history.ts";
import { isSized, type Plan } from "../model/plan.ts";
import type { SizingLine } from "../model/sizing-line.ts";
import { compareUrgency } from "../model/urgency.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Additions } from "./demand/additions.ts";
import { busyHours, DAY_MS } from "./demand/busy-hour.ts";
import { currentCost } from "./demand/cost-shift.ts";
import { qualityOf } from "./demand/data-quality.ts";
import { type DemandResult, forecastDemand } from "./demand/forecast-demand.ts";
import { fitIdleFloor } from "./demand/idle-floor.ts";
import type { Holidays } from "./forecast/daily/holidays.ts";
import { refuseImpossible } from "./impossible-values.ts";
import type { Profile, SizingRule } from "./profile/profile.ts";
import { publicHolidays } from "./public-holidays.ts";
import { type Need, sizeResource } from "./size.ts";
import { sizers } from "./sizers/index.ts";
import { type GrowthBound, isRefused, type Refused, type SizingContext } from "./sizers/sizer.ts";
import type { WhatIf } from "./what-if.ts";

export interface PlanInputs {
  readonly profile: Profile;
  readonly history: History;
  readonly catalogue: Catalogue;
  readonly horizonDays: number;
  readonly additions: Additions;
  readonly measured: Capacity | null;
  /** What the profile was changed by, for one question. */
  readonly whatIf?: WhatIf;
}

const HOUR_MS = 3_600_000;

/** History → demand → sizing. Pure: the same inputs give the same plan, byte for byte. */
export function makePlan(inputs: PlanInputs): Plan {
  const { profile, horizonDays } = inputs;
  const history = refuseImpossible(inputs.history);
  const stepMs = history.stepSeconds * 1000;
  const startMs = Date.parse(history.start);
  const holidays = holidaysOf(inputs);
  const byId = new Map(history.signals.map((signal) => [signal.id, signal]));
  const forecast = (signal: Profile["signals"][number], of: "busy-hour" | "highest-point") =>
    forecastDemand(signal, byId.get(signal.id) ?? absent(signal.id, signal.query), {
      startMs,
      stepMs,
      endMs: Date.parse(history.end),
      horizonDays,
      additions: inputs.additions,
      operators: profile.operators,
      holidays,
      of,
    });
  const results = new Map(profile.signals.map((signal) => [signal.id, forecast(signal, "busy-hour")]));
  const highest = new Map<string, DemandResult>();
  const highestOf = (id: string) => {
    const signal = profile.signals.find((one) => one.id === id);
    // In steps of an hour a day's highest point is its busiest hour.
    if (signal === undefined || stepMs >= HOUR_MS) return results.get(id);
    const known = highest.get(id) ?? forecast(signal, "highest-point");
    highest.set(id, known);
    return known;
  };
  const demands = profile.signals.filter(({ role }) => role === "demand");
  const needs = new Map<string, Need>();
  const context = contextOf(inputs, { byId, results, highestOf, needs, startMs, stepMs });
  const asOfDay = Math.floor(Date.parse(history.end) / DAY_MS);
  const sizing = profile.sizing.map((rule): Plan["sizing"][number] => {
    const made = sizeRule(rule, context, asOfDay, boundsOn(rule.resource, inputs));
    if ("refused" in made) return { resource: rule.resource, refused: made.refused };
    needs.set(rule.resource, made);
    return made.line;
  });
  return {
    schema: "headroom/plan@1",
    ...(inputs.whatIf === undefined ? {} : { whatIf: inputs.whatIf }),
    system: profile.system,
    asOf: history.end,
    horizonDays,
    leadTimeDays: profile.leadTimeDays,
    source: history.source,
    tightest: tightestOf(sizing.filter(isSized)),
    rehearsal: rehearsalOf(profile, results),
    dataQuality: profile.signals.map(({ id, query, caveat }) =>
      qualityOf(
        byId.get(id) ?? absent(id, query),
        [...(results.get(id)?.findings ?? []), ...(caveat === undefined ? [] : [caveat])],
        results.get(id)?.days ?? null,
      ),
    ),
    demands: demands.map(({ id }) => (results.get(id) as DemandResult).row),
    sizing,
    series: demands.map(({ id }) => (results.get(id) as DemandResult).series),
    assumptions: [...profile.assumptions],
  };
}

function holidaysOf({ profile, history, horizonDays }: PlanInputs): Holidays | undefined {
  if (profile.calendar === null) return undefined;
  const day = (time: string) => Math.floor(Date.parse(time) / DAY_MS);
  const starts = [history.start, ...history.signals.flatMap(({ older }) => older?.start ?? [])].map(day);
  return publicHolidays(profile.calendar, Math.min(...starts), day(history.end) + horizonDays);
}

/** The demand that `gate --rate from-plan` offers. */
function rehearsalOf({ sizing }: Profile, results: ReadonlyMap<string, DemandResult>): Plan["rehearsal"] {
  for (const { sizer, params } of sizing) {
    const signal = sizers[sizer]?.rehearses?.(params) ?? null;
    const row = signal === null ? undefined : results.get(signal)?.row;
    if (row !== undefined && !("refused" in row))
      return { signal: row.signal, p50: row.atHorizon.p50, p90: row.atHorizon.p90 };
  }
  return null;
}

function absent(id: string, query: string): SignalHistory {
  const failure = "the history has no such signal: take a new snapshot";
  return { id, query, values: [], resets: null, truncated: false, warnings: [], failure };
}

interface Known {
  readonly byId: ReadonlyMap<string, SignalHistory>;
  readonly results: ReadonlyMap<string, DemandResult>;
  readonly highestOf: (signal: string) => DemandResult | undefined;
  readonly needs: ReadonlyMap<string, Need>;
  readonly startMs: number;
  readonly stepMs: number;
}

function contextOf(
  inputs: PlanInputs,
  { byId, results, highestOf, needs, startMs, stepMs }: Known,
): SizingContext {
  const grid = (signal: string) => ({ startMs, stepMs, values: byId.get(signal)?.values ?? [] });
  return {
    horizonDays: inputs.horizonDays,
    demand: (signal) => demandOf(signal, results.get(signal)),
    highest: (signal) => demandOf(signal, highestOf(signal)),
    recent: (signal) => {
      const last = busyHours(grid(signal)).slice(-7);
      return last.length === 0 ? null : median(last.map(({ value }) => value));
    },
    serviceDemand: (usage, demand) => currentCost(grid(usage), grid(demand)),
    idleFloor: (usage, instances, demand) =>
      fitIdleFloor(grid(usage).values, grid(instances).values, grid(demand).values),
    points: (signal) => grid(signal).values,
    bounds: [],
    resource: (name) => needs.get(name) ?? { refused: `${name} could not be sized` },
    measured: inputs.measured,
    isWhatIf: Object.keys(inputs.whatIf ?? {}).length > 0,
    asOfMs: Date.parse(inputs.history.end),
    catalogue: inputs.catalogue,
  };
}

function demandOf(signal: string, result: DemandResult | undefined): ReturnType<SizingContext["demand"]> {
  if (result?.path && !("refused" in result.row)) return { ...result.path, now: result.row.now };
  const reason = result && "refused" in result.row ? result.row.refused : "no such signal";
  return { refused: `${signal}: ${reason}` };
}

/** What the profile's rules set that keeps a resource from growing. */
function boundsOn(resource: string, { profile, catalogue }: PlanInputs): GrowthBound[] {
  return profile.sizing
    .flatMap(({ sizer, params }) => sizers[sizer]?.bounds?.(params, catalogue) ?? [])
    .filter((bound) => bound.resource === resource);
}

function sizeRule(
  rule: SizingRule,
  context: SizingContext,
  asOfDay: number,
  bounds: readonly GrowthBound[],
): Need | Refused {
  const sizer = sizers[rule.sizer];
  if (sizer === undefined) return { refused: `no sizer "${rule.sizer}"` };
  const sized = sizer.size(rule.params, { ...context, bounds });
  if (isRefused(sized)) return sized;
  const need = sizeResource(rule.resource, sized, {
    leadTimeDays: rule.leadTimeDays,
    asOfDay,
    why: rule.why,
  });
  return beyondCounting(need.line) ?? need;
}

/** Infinitely many instances are no plan, and JSON and YAML write them each in a way of their own; nor are 10^16. */
function beyondCounting({ need, recommended, capacity }: SizingLine): Refused | null {
  const figures = Object.entries({ ...need, recommended, capacity: capacity.value });
  const wrong = figures.find(([, value]) => !(Math.abs(value) <= Number.MAX_SAFE_INTEGER));
  return wrong === undefined
    ? null
    : { refused: `the arithmetic gives ${wrong[1]} for ${wrong[0]}: check the figures of this rule` };
}

/** The resource with the strongest evidence and the earliest date; among those that suffice, the fullest. */
const tightestOf = (lines: readonly SizingLine[]): string | null =>
  [...lines].sort(compareUrgency)[0]?.resource ?? null;
