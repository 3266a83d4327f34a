import type { Unit } from "../../model/unit.ts";
import type { OperatorsForecast } from "../demand/operators-rule.ts";

export interface Signal {
  readonly id: string;
  readonly role: "demand" | "utilisation" | "limit" | "count";
  readonly unit: Unit;
  readonly kind: "flow" | "stock";
  readonly query: string;
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
  readonly signals: readonly Signal[];
  readonly sizing: readonly SizingRule[];
  /** Parameters by emitter. */
  readonly emit: Readonly<Record<string, unknown>>;
}
