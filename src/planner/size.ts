import type { EvidenceRank, Margin, RunsOut, SizingLine } from "../model/sizing-line.ts";
import { formatNumber } from "../model/unit.ts";
import { ceilingsOf } from "./ceilings.ts";
import { dayName } from "./demand/busy-hour.ts";
import type { Driver, Levels, Sized } from "./sizers/sizer.ts";

export interface Need {
  readonly levels: Levels;
  /** Whether a measurement stands behind the levels, or a rule alone. */
  readonly isMeasured: boolean;
  readonly line: SizingLine;
}

/**
 * From drivers to a line of the plan: the greatest need of all measured drivers, day by day and quantile by quantile;
 * the recommendation for p90 at the horizon; the days on which today's size, grown as far as it grows by itself, no longer
 * suffices. Where nothing is measured the operators' rule is shown and what is there is kept.
 */
export function sizeResource(
  resource: string,
  sized: Sized,
  { leadTimeDays, asOfDay, why }: { leadTimeDays: number; asOfDay: number; why: string },
): Need {
  const measured = sized.drivers.filter(isMeasured);
  const [first, ...rest] = measured;
  const binding = first === undefined ? sized.drivers : ([first, ...rest] as const);
  const levels = greatestNeed(binding);
  const need = { p50: levels.p50.at(-1) as number, p90: levels.p90.at(-1) as number };
  const keeps = first === undefined && sized.current !== null;
  const chosen = keeps ? { value: sized.current, name: sized.currentName ?? null } : sized.choose(need.p90);
  const leading = leadingDriver(binding);
  const most = sized.growsTo ?? sized.current;
  const runsOut = first === undefined ? null : runOut(most, levels, asOfDay);
  const latent = [...(sized.latent?.(need.p90) ?? [])];
  const chance = first === undefined ? null : chanceOf(most, levels);
  const firstDay = runsOut?.early ?? runsOut?.likely ?? null;
  return {
    levels,
    isMeasured: first !== undefined,
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
      runsOutChance: chance,
      ifAgain: ifAgain(binding, most),
      ceilings: ceilingsOf(measured, most),
      orderBy: firstDay === null ? null : orderBy(firstDay, leadTimeDays, asOfDay),
      bottleneck: leading.name,
      evidence: evidenceFor(sized, { levels, runsOut, most, hasLatent: latent.length > 0 }),
      margins: keeps ? [] : marginsOf(leading, need.p90, chosen.value),
      latent,
      pool: sized.pool ?? null,
      maximum: sized.maximum ?? null,
      placement: sized.placement?.(chosen.value) ?? null,
      container: sized.container ?? null,
      usage: [...(sized.usage ?? [])],
      why: [
        ...leading.why,
        ...sized.drivers
          .filter((driver) => driver !== leading)
          .flatMap((driver) => beside(driver, sized.unit)),
        ...(keeps ? [ruleKeeps(leading, sized)] : []),
        ...(sized.why ?? []),
        why,
      ],
      warnings: [...(sized.warn?.(need.p90) ?? [])],
      operatorsRule: sized.operatorsRule,
    },
  };
}

/** An early day within these is as good as today. */
const NOW_DAYS = 7;

const isMeasured = ({ evidence }: Driver) => evidence !== "rule";

const needAtEnd = (driver: Driver) => driver.need(driver.levels.p90.at(-1) as number);

function beside(driver: Driver, unit: string): string[] {
  const whose = isMeasured(driver) ? "" : " (the operators' rule, no measurement)";
  return [
    `${driver.name} would need ${formatNumber(needAtEnd(driver))} ${unit}${whose}: ${driver.why[0] ?? ""}`,
  ];
}

function ruleKeeps(leading: Driver, { current, unit }: Sized): string {
  const asked = needAtEnd(leading);
  return asked > (current ?? 0) + 1e-9
    ? `the rule asks for ${formatNumber(asked)} ${unit}, no measurement does: ${formatNumber(current ?? 0)} is kept until one is there`
    : `no measurement asks for another size: ${formatNumber(current ?? 0)} ${unit} is kept`;
}

interface Findings {
  readonly levels: Levels;
  readonly runsOut: RunsOut | null;
  readonly most: number | null;
  readonly hasLatent: boolean;
}

/** The strongest evidence that what is there does not suffice. */
function evidenceFor({ drivers }: Sized, found: Findings): EvidenceRank | null {
  const { levels, runsOut, most, hasLatent } = found;
  const isOver = (need: number | undefined) => most !== null && need !== undefined && need > most + 1e-9;
  if (drivers.some(isMeasured) && isOver(levels.now)) return "observed";
  if (runsOut !== null) return "forecast";
  if (hasLatent) return "latent";
  return drivers.some((driver) => !isMeasured(driver) && isOver(needAtEnd(driver))) ? "rule" : null;
}

function greatestNeed(drivers: Sized["drivers"]): Levels {
  const of = (quantile: "p10" | "p50" | "p90") =>
    drivers
      .map((driver) => driver.levels[quantile].map((level) => driver.need(Math.max(0, level))))
      .reduce((most, needs) => most.map((value, step) => Math.max(value, needs[step] as number)));
  const seen = drivers.flatMap(({ levels, need }) => (levels.now === undefined ? [] : [need(levels.now)]));
  return {
    firstDay: drivers[0].levels.firstDay,
    p10: of("p10"),
    p50: of("p50"),
    p90: of("p90"),
    ...(seen.length > 0 ? { now: Math.max(...seen) } : {}),
    ...highestNeed(drivers),
  };
}

/** Path by path the greatest need of all drivers; path i of one belongs to path i of another. */
function highestNeed(drivers: Sized["drivers"]): Pick<Levels, "highest"> {
  const all = drivers.flatMap(({ levels, need }) =>
    levels.highest === undefined ? [] : [levels.highest.map((level) => need(Math.max(0, level)))],
  );
  const [first, ...rest] = all;
  if (
    first === undefined ||
    all.length < drivers.length ||
    rest.some(({ length }) => length !== first.length)
  )
    return {};
  return {
    highest: rest.reduce(
      (most, needs) => most.map((value, at) => Math.max(value, needs[at] as number)),
      first,
    ),
  };
}

/** Share of the paths on which the need passes what is there. */
function chanceOf(most: number | null, { highest }: Levels): number | null {
  if (most === null || highest === undefined) return null;
  return highest.reduce((count, need) => count + (need > most + 1e-9 ? 1 : 0), 0) / highest.length;
}

/** The need if the worst incident that was left out came again at the horizon, of the driver for which it is greatest. */
function ifAgain(drivers: Sized["drivers"], most: number | null): SizingLine["ifAgain"] {
  let worst: SizingLine["ifAgain"] = null;
  for (const { levels, need } of drivers) {
    if (levels.worst == null || levels.signal === undefined) continue;
    const { day, change, level } = levels.worst;
    const needed = need(Math.max(0, level));
    if (!Number.isFinite(needed)) continue;
    if (worst !== null && worst.need >= needed) continue;
    const holds = most === null ? null : needed <= most + 1e-9;
    worst = { signal: levels.signal, day: dayName(day), change, need: needed, holds };
  }
  return worst;
}

function leadingDriver(drivers: Sized["drivers"]): Driver {
  return drivers.reduce((leading, driver) => (needAtEnd(driver) > needAtEnd(leading) ? driver : leading));
}

/** p90 over p50, what the driver adds, and what the size that can be bought is above the need. */
function marginsOf({ levels, margins }: Driver, need: number, chosen: number): Margin[] {
  const [likely, high] = [levels.p50.at(-1) as number, levels.p90.at(-1) as number];
  const all = [
    { name: "p90 instead of the likely demand", factor: likely > 0 ? high / likely : 1 },
    ...(margins?.(high) ?? []),
    { name: "the size above the need", factor: need > 0 ? chosen / need : 1 },
  ];
  return all.filter(({ factor }) => Math.abs(factor - 1) > 0.004);
}

/** The first day of each path on which the need is more than there is; early is the p90 path's. */
function runOut(most: number | null, levels: Levels, asOfDay: number): RunsOut | null {
  if (most === null) return null;
  const first = (needs: Float64Array) => {
    const step = needs.findIndex((need) => need > most + 1e-9);
    return step < 0 ? null : dayName(Math.max(asOfDay, levels.firstDay + step));
  };
  const dates = { early: first(levels.p90), likely: first(levels.p50), late: first(levels.p10) };
  if (dates.early === null) return null;
  const isNow = Date.parse(dates.early) / 86_400_000 < asOfDay + NOW_DAYS;
  return { ...dates, isOpen: isNow && dates.likely === null && dates.late === null };
}

function orderBy(day: string, leadTimeDays: number, asOfDay: number): string {
  return dayName(Math.max(asOfDay, Date.parse(day) / 86_400_000 - Math.ceil(leadTimeDays)));
}
