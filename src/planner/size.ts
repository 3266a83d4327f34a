import type { RunsOut, SizingLine } from "../model/plan.ts";
import { formatNumber } from "../model/unit.ts";
import { dayName } from "./demand/busy-hour.ts";
import type { Driver, Levels, Sized } from "./sizers/sizer.ts";

export interface Need {
  readonly levels: Levels;
  readonly line: SizingLine;
}

/**
 * From drivers to a line of the plan: the greatest need of all drivers, day by day and quantile by quantile; the
 * recommendation for p90 at the horizon; the days on which today's size, grown as far as it grows by itself, no longer suffices.
 */
export function sizeResource(
  resource: string,
  sized: Sized,
  { leadTimeDays, asOfDay, why }: { leadTimeDays: number; asOfDay: number; why: string },
): Need {
  const levels = greatestNeed(sized.drivers);
  const need = { p50: levels.p50.at(-1) as number, p90: levels.p90.at(-1) as number };
  const chosen = sized.choose(need.p90);
  const leading = leadingDriver(sized.drivers);
  const runsOut = runOut(sized.growsTo ?? sized.current, levels, asOfDay);
  const first = runsOut?.early ?? runsOut?.likely ?? null;
  return {
    levels,
    line: {
      resource,
      unit: sized.unit,
      current: sized.current,
      currentName: sized.currentName ?? null,
      growsTo: sized.growsTo ?? null,
      need,
      recommended: chosen.value,
      recommendedName: chosen.name,
      change: sized.current === null ? null : chosen.value - sized.current,
      capacity: leading.capacity,
      runsOut,
      ceilings: ceilingsOf(sized),
      orderBy: first === null ? null : orderBy(first, leadTimeDays, asOfDay),
      bottleneck: leading.name,
      why: [
        ...leading.why,
        ...sized.drivers
          .filter((driver) => driver !== leading)
          .flatMap((driver) => beside(driver, sized.unit)),
        ...(sized.why ?? []),
        why,
      ],
      warnings: [...(sized.warn?.(need.p90) ?? [])],
      operatorsRule: sized.operatorsRule,
    },
  };
}

function beside(driver: Driver, unit: string): string[] {
  const need = formatNumber(driver.need(driver.levels.p90.at(-1) as number));
  return [`${driver.name} would need ${need} ${unit}: ${driver.why[0] ?? ""}`];
}

function greatestNeed(drivers: Sized["drivers"]): Levels {
  const of = (quantile: "p10" | "p50" | "p90") =>
    drivers
      .map((driver) => driver.levels[quantile].map((level) => driver.need(Math.max(0, level))))
      .reduce((most, needs) => most.map((value, step) => Math.max(value, needs[step] as number)));
  return { firstDay: drivers[0].levels.firstDay, p10: of("p10"), p50: of("p50"), p90: of("p90") };
}

function leadingDriver(drivers: Sized["drivers"]): Driver {
  const atEnd = (driver: Driver) => driver.need(driver.levels.p90.at(-1) as number);
  return drivers.reduce((leading, driver) => (atEnd(driver) > atEnd(leading) ? driver : leading));
}

/** The first day of each path on which the need is more than there is; early is the p90 path's. */
function runOut(most: number | null, levels: Levels, asOfDay: number): RunsOut | null {
  if (most === null) return null;
  const first = (needs: Float64Array) => {
    const step = needs.findIndex((need) => need > most + 1e-9);
    return step < 0 ? null : dayName(Math.max(asOfDay, levels.firstDay + step));
  };
  const dates = { early: first(levels.p90), likely: first(levels.p50), late: first(levels.p10) };
  return dates.early === null ? null : dates;
}

/** The level of each demand up to which what is there suffices: where its driver's need first exceeds it. */
function ceilingsOf({ drivers, growsTo, current }: Sized): SizingLine["ceilings"] {
  const most = growsTo ?? current;
  if (most === null) return [];
  const all = drivers.flatMap((driver): SizingLine["ceilings"] => {
    const { signal } = driver.levels;
    if (signal === undefined) return [];
    const suffices = (level: number) => driver.need(level) <= most + 1e-9;
    let [low, high] = [0, Math.max(1e-9, driver.levels.p90.at(-1) as number)];
    if (!suffices(low)) return [{ signal, level: 0 }];
    for (let doubled = 0; suffices(high); doubled++) {
      if (doubled > MOST_DOUBLINGS) return [];
      high *= 2;
    }
    for (let halved = 0; halved < HALVINGS; halved++) {
      const middle = (low + high) / 2;
      if (suffices(middle)) low = middle;
      else high = middle;
    }
    return [{ signal, level: Number(low.toPrecision(6)) }];
  });
  // Of several reasons the tightest counts: memory may end where CPU would still do.
  const tightest = new Map<string, number>();
  for (const { signal, level } of all)
    tightest.set(signal, Math.min(level, tightest.get(signal) ?? Number.POSITIVE_INFINITY));
  return [...tightest].map(([signal, level]) => ({ signal, level }));
}

/** A demand a thousand times the forecast's is none that a picture shows. */
const MOST_DOUBLINGS = 10;
const HALVINGS = 50;

function orderBy(day: string, leadTimeDays: number, asOfDay: number): string {
  return dayName(Math.max(asOfDay, Date.parse(day) / 86_400_000 - Math.ceil(leadTimeDays)));
}
