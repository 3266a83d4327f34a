import type { Assumption } from "../../model/assumption.ts";
import type { Unit } from "../../model/unit.ts";
import type { DurationBounds } from "../../systems/duration.ts";
import type { OperatorsForecast } from "../demand/operators-rule.ts";
import type { Calendar } from "../public-holidays.ts";

/** What a profile and the command line may ask for: demand is the busiest hour of a day, and a plan is for years at most. */
export const BOUNDS = {
  length: { least: "1d", most: "3650d" },
  step: { least: "1s", most: "1h" },
  scrape: { least: "1s", most: "1h" },
  horizon: { least: "1d", most: "3650d" },
} as const satisfies Record<string, DurationBounds>;

export interface Signal {
  readonly id: string;
  readonly role: "demand" | "utilisation" | "limit" | "count";
  readonly unit: Unit;
  readonly kind: "flow" | "stock";
  readonly query: string;
  /** Why its values may not be what they seem. */
  readonly caveat?: string | undefined;
}

export interface SizingRule {
  readonly resource: string;
  readonly sizer: string;
  readonly params: unknown;
  readonly leadTimeDays: number;
  readonly why: string;
}

/** What runs today, which PromQL shows it, how it is sized. */
export interface Profile {
  readonly system: string;
  readonly historyMs: number;
  readonly stepMs: number;
  readonly scrapeMs: number;
  readonly horizonDays: number;
  readonly leadTimeDays: number;
  readonly operators: OperatorsForecast | null;
  /** Whose public holidays the demand follows; null: nobody's. */
  readonly calendar: Calendar | null;
  readonly signals: readonly Signal[];
  readonly sizing: readonly SizingRule[];
  /** What of it no document of the operators says. */
  readonly assumptions: readonly Assumption[];
  /** Parameters by emitter. */
  readonly emit: Readonly<Record<string, unknown>>;
}
