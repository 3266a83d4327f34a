import type { Journey } from "../../scenarios/lib/journey.ts";
import type { Load, LoadPlan } from "../../scenarios/lib/load.ts";

/** How long an endpoint's own work takes: log-normal. */
export interface Service {
  readonly medianMs: number;
  readonly sigma: number;
}

/** Something that is wrong with the target: with every request or some, at one endpoint or all, always or for a time. */
export interface TargetFault {
  readonly kind: TargetFaultKind;
  /** null: every endpoint. */
  readonly endpoint: string | null;
  /** Of the requests that it could meet. */
  readonly share: number;
  /** Of the run, seconds. */
  readonly from: number;
  readonly until: number;
  /** How much: a factor of the time, ms, requests/s or a status, as the kind has it. */
  readonly amount: number;
}

export const TARGET_FAULTS = [
  "errors",
  "slow",
  "drift",
  "pauses",
  "dead",
  "resets",
  "gone",
  "maintenance",
  "empty-list",
  "wrong-content",
  "limiter",
  "redirect",
  "hangs",
] as const;
export type TargetFaultKind = (typeof TARGET_FAULTS)[number];

export const GENERATOR_FAULTS = [
  "cpu",
  "stall",
  "files",
  "ports",
  "late",
  "exceptions",
  "killed",
  "crash",
  "aborted",
  "marked-failed",
  "interrupted",
  "summary-failed",
  "overdue",
  "generator-missing",
  "generator-unended",
  "generator-repeated",
  "generators-apart",
  "samples-lost",
] as const;
export type GeneratorFaultKind = (typeof GENERATOR_FAULTS)[number];

export interface GeneratorFault {
  readonly kind: GeneratorFaultKind;
  /** When, of the run, 0 to 1. */
  readonly at: number;
  /** Share of requests, iterations or time; or seconds, as the kind has it. */
  readonly amount: number;
}

/** A run before it happens: what is asked, of whom, by whom, and what is wrong with them. */
export interface World {
  readonly seed: number;
  readonly engine: "k6" | "autocannon" | "several";
  readonly journey: Journey;
  readonly services: Readonly<Record<string, Service>>;
  readonly scenario: string;
  readonly load: Load;
  readonly plan: LoadPlan;
  /** A thresholds file. */
  readonly thresholds: string;
  readonly target: readonly TargetFault[];
  readonly generator: readonly GeneratorFault[];
}
