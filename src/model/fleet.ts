import { z } from "zod";
import { isSized, type Plan } from "./plan.ts";
import { isShort } from "./urgency.ts";

const Day = z.iso.date();

const Planned = z.object({
  system: z.string().describe("Name of the system."),
  asOf: z.iso.datetime().describe("Last moment of the history that it was planned from, UTC."),
  tightest: z
    .string()
    .nullable()
    .describe("Resource that runs out first; where none does, the fullest; null: nothing could be sized."),
  early: Day.nullable().describe(
    "Day by which one simulated path in ten has passed its size; null: not within the horizon, or not known.",
  ),
  likely: Day.nullable().describe(
    "Day by which five in ten have; null: not within the horizon, or not known.",
  ),
  orderBy: Day.nullable().describe(
    "First of these days less the lead time, today when that is past; null: it does not run out.",
  ),
  action: z.string().describe("What to do about it; empty when it suffices."),
  exhausted: z
    .number()
    .int()
    .nonnegative()
    .describe("Resources that are short today or run out within the horizon."),
  refused: z.number().int().nonnegative().describe("Resources that could not be sized."),
  warnings: z.number().int().nonnegative().describe("Warnings of all its resources together."),
});
const Failed = z.object({
  system: z.string().describe("Name of the system."),
  failed: z.string().describe("Why it could not be planned."),
});

/** Who runs out first: a line for every system's plan, the most urgent leading; what could not be planned comes before. */
export const Fleet = z.object({
  schema: z.literal("headroom/fleet@1").describe("Name and version of this format."),
  systems: z
    .array(z.union([Failed, Planned]))
    .describe("A line for every system: those that could not be planned, then who runs out first."),
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
