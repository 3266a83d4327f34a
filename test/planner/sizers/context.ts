import { loadCatalogue } from "../../../src/planner/profile/load-profile.ts";
import { sizeResource } from "../../../src/planner/size.ts";
import { sizers } from "../../../src/planner/sizers/index.ts";
import type { Driver, Levels, Sized, SizingContext } from "../../../src/planner/sizers/sizer.ts";
import { isRefused } from "../../../src/planner/sizers/sizer.ts";

export const catalogue = loadCatalogue("profiles/catalogue/aws.yaml", "profiles/catalogue/aws.yaml");

/** Ten days on a straight way from one level to another, 10% more at p90 and less at p10. */
export function levels(from: number, to: number): Levels {
  const p50 = Float64Array.from({ length: 10 }, (_, day) => from + ((to - from) * day) / 9);
  return { firstDay: 20_000, p10: p50.map((one) => one * 0.9), p50, p90: p50.map((one) => one * 1.1) };
}

/** The three quantiles as three paths. */
function asPaths({ p10, p50, p90 }: Levels) {
  const rows = [p10, p50, p90];
  return {
    worst: null,
    highest: Float64Array.from(rows, (row) => row.at(-1) as number),
    paths: { count: 3, days: p50.length, values: Float64Array.from(rows.flatMap((row) => [...row])) },
  };
}

export function contextWith(given: {
  readonly demands?: Record<
    string,
    Levels & { unit?: "per-second" | "bytes" | "count" | "cores"; operators?: number }
  >;
  readonly recent?: Record<string, number>;
  readonly cost?: number;
  readonly shift?: { day: string; factor: number };
  readonly floor?: { idle: number; each: number };
  readonly setByHand?: boolean;
  readonly points?: Record<string, number[]>;
  readonly bounds?: SizingContext["bounds"];
  readonly resources?: Record<string, Levels>;
  readonly measured?: SizingContext["measured"];
}): SizingContext {
  const demand: SizingContext["demand"] = (signal) => {
    const found = given.demands?.[signal];
    return found
      ? { signal, unit: found.unit ?? "per-second", operators: null, ...found, ...asPaths(found) }
      : { refused: `${signal}: no history` };
  };
  return {
    horizonDays: 10,
    demand,
    highest: demand,
    recent: (signal) => given.recent?.[signal] ?? null,
    serviceDemand: () =>
      given.cost === undefined
        ? { refused: "no points" }
        : { value: given.cost, low: given.cost, high: given.cost, points: 100, shift: given.shift ?? null },
    resource: (name) => {
      const found = given.resources?.[name];
      return found
        ? {
            levels: found,
            line: { current: 100, currentName: given.setByHand ? null : "db.t3.large" } as never,
            isMeasured: true,
          }
        : { refused: `${name} could not be sized` };
    },
    idleFloor: () => given.floor ?? { refused: "no points" },
    points: (signal) => given.points?.[signal] ?? [],
    bounds: given.bounds ?? [],
    isWhatIf: false,
    measured: given.measured ?? null,
    asOfMs: Date.parse("2026-11-16"),
    catalogue,
  };
}

/** What a sizer makes of parameters as a profile has them. */
export function size(name: string, params: unknown, context: SizingContext) {
  const sizer = sizers[name];
  if (!sizer) throw new Error(`no sizer ${name}`);
  return sizer.size(sizer.params.parse(params), context);
}

export function sized(name: string, params: unknown, context: SizingContext): Sized {
  const made = size(name, params, context);
  if (isRefused(made)) throw new Error(made.refused);
  return made;
}

export const lead = ({ drivers }: Sized): Driver => drivers[0];

/**
 * A whole line of a plan, words and all, as of 2024-10-04 and with three days of lead time. For inputs that can be
 * followed by hand: `levels` rise in ten days from one to another, p90 is a tenth above and p10 a tenth below.
 */
export function lineOf(sizer: string, params: unknown, context: SizingContext) {
  const { line } = sizeResource("it", sized(sizer, params, context), {
    leadTimeDays: 3,
    asOfDay: 20_000, // 2024-10-04
    why: "as the profile says",
  });
  const { capacity, need, runsOut, operatorsRule } = line;
  return [
    `${line.current} ${line.currentName} → ${line.recommended} ${line.recommendedName} ${line.unit}, by ${line.change}, grows to ${line.growsTo}`,
    `needs ${need.p50} to ${need.p90}, for ${line.bottleneck}`,
    `one takes ${capacity?.value} ${capacity?.unit}, ${capacity?.source}`,
    `holds up to ${line.ceilings.map(({ signal, level }) => `${signal} ${level}`)}`,
    runsOut === null
      ? `does not run out, order by ${line.orderBy}`
      : `runs out ${runsOut.early}, ${runsOut.likely}, ${runsOut.late}, order by ${line.orderBy}`,
    `operators: ${operatorsRule?.value} by ${operatorsRule?.formula}`,
    ...line.why.map((text) => `why: ${text}`),
    ...line.warnings.map((text) => `! ${text}`),
  ].join("\n");
}
