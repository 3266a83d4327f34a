import { z } from "zod";
import { isSized, type Plan } from "./plan.ts";
import { isShort } from "./urgency.ts";

const Day = z.iso.date();

const Planned = z.object({
  system: z.string(),
  asOf: z.iso.datetime(),
  /** Resource that runs out first; null: nothing could be sized. */
  tightest: z.string().nullable(),
  early: Day.nullable(),
  likely: Day.nullable(),
  orderBy: Day.nullable(),
  /** What to do about it; empty when it suffices. */
  action: z.string(),
  /** Resources that run out within the horizon, and those that could not be sized. */
  exhausted: z.number().int().nonnegative(),
  refused: z.number().int().nonnegative(),
  warnings: z.number().int().nonnegative(),
});
const Failed = z.object({ system: z.string(), failed: z.string() });

/** Who runs out first: a line for every system's plan, the most urgent leading; what could not be planned comes before. */
export const Fleet = z.object({
  schema: z.literal("headroom/fleet@1"),
  systems: z.array(z.union([Failed, Planned])),
});
export type Fleet = z.infer<typeof Fleet>;
export type FleetLine = Fleet["systems"][number];
export type PlannedSystem = z.infer<typeof Planned>;

export const isPlanned = (line: FleetLine): line is PlannedSystem => !("failed" in line);

/** A plan in a line, so that the plan itself need not be kept. */
export function fleetLine(plan: Plan): PlannedSystem {
  const sized = plan.sizing.filter(isSized);
  const tightest = sized.find(({ resource }) => resource === plan.tightest);
  return {
    system: plan.system,
    asOf: plan.asOf,
    tightest: plan.tightest,
    early: tightest?.runsOut?.early ?? null,
    likely: tightest?.runsOut?.likely ?? null,
    orderBy: tightest?.orderBy ?? null,
    action:
      tightest !== undefined && isShort(tightest)
        ? `go to ${tightest.recommendedName ?? `${Number(tightest.recommended.toPrecision(4))} ${tightest.unit}`}`
        : "",
    exhausted: sized.filter(isShort).length,
    refused: plan.sizing.length - sized.length,
    warnings: sized.reduce((sum, { warnings }) => sum + warnings.length, 0),
  };
}

export function rankFleet(systems: readonly FleetLine[]): Fleet {
  const never = "9999-12-31";
  const key = (line: FleetLine) =>
    isPlanned(line) ? `1 ${line.early ?? never} ${line.likely ?? never} ${line.system}` : `0 ${line.system}`;
  return {
    schema: "headroom/fleet@1",
    systems: [...systems].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)),
  };
}
