import { type BoundFlaw, findBoundFlaw } from "../model/bound-flaw.ts";
import { type Bound, parseStatistic, type Statistic } from "../model/criterion.ts";
import { parseQuantity, QUANTITY_EXAMPLES, type Unit } from "../model/unit.ts";
import type { Report } from "./report.ts";

export function toStatistic(
  text: string,
  unfit: readonly string[],
  at: PropertyKey[],
  report: Report,
): Statistic {
  const stat = parseStatistic(text);
  if (stat && !unfit.includes(stat.kind)) return stat;
  report(
    [...at, "stat"],
    `"${text}" is no statistic of this kind of criterion`,
    "Use p95 (any percentile), avg, min, max, rate or count",
  );
  return { kind: "max" };
}

const OPERATORS = { max: "<=", below: "<", min: ">=", above: ">" } as const;

/** The one bound of an entry, where it can decide. */
export function toBound(
  entry: { [key in keyof typeof OPERATORS]?: string | number | undefined },
  unit: Unit,
  at: PropertyKey[],
  report: Report,
): Bound {
  const given = (Object.keys(OPERATORS) as (keyof typeof OPERATORS)[]).filter(
    (key) => entry[key] !== undefined,
  );
  const key = given[0];
  if (key === undefined || given.length > 1) {
    report(
      at,
      given.length === 0 ? "has no bound" : `has ${given.length} bounds`,
      "Give exactly one of max, below, min, above",
    );
    return { operator: "<=", value: 0 };
  }
  const value = parseQuantity(entry[key] as string | number, unit);
  if (value === null) {
    report(
      [...at, key],
      `${JSON.stringify(entry[key])} is not a limit for a value in ${unit}`,
      `Write it like ${QUANTITY_EXAMPLES[unit]}`,
    );
  }
  const bound = { operator: OPERATORS[key], value: value ?? 0 };
  const flaw = value === null ? null : findBoundFlaw(bound, unit);
  if (flaw !== null) report([...at, key], ...FLAWS[flaw](JSON.stringify(entry[key])));
  return bound;
}

const FLAWS: Record<BoundFlaw, (limit: string) => [message: string, remedy: string]> = {
  "never-broken": (limit) => [
    `${limit} cannot be broken: it holds whatever happens`,
    "Give a limit that a bad run would break, or remove the criterion",
  ],
  "never-held": (limit) => [
    `${limit} cannot be held: it is broken whatever happens`,
    "Give a limit that a good run would hold",
  ],
  "no-ratio": (limit) => [
    `${limit} is no ratio: a share lies between 0 and 1`,
    "Write it like 5% or 0.05; a quotient that may be greater has `unit: number`",
  ],
};
