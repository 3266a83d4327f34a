import type { Journey } from "../../scenarios/lib/journey.ts";
import type { Load, LoadPlan, Scaling } from "../../scenarios/lib/load.ts";
import type { Reach } from "../model/address.ts";
import type { ClientCriterion } from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";

/** What an engine is asked to do. */
export interface LoadOrder {
  readonly root: string;
  /** Absolute path of the k6 script: the system's scenario or the user's own. */
  readonly script: string;
  /** null for a user's own script. */
  readonly journey: Journey | null;
  readonly plan: LoadPlan | null;
  readonly scaling: Scaling;
  /** Instead of the load the script has; `plan` is its plan. */
  readonly load?: Load;
  readonly target: string | null;
  readonly reach: Reach;
  readonly criteria: readonly ClientCriterion[];
  /** Where the engine keeps its working files; they outlive a crash and are removed after a clean end. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborting ends the load gently; what was measured is still returned. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** The last second, for a person who waits. Null: not known yet. */
export interface Progress {
  readonly elapsedMs: number;
  /** Whole seconds that are known; the figures are of the last. The first may be before the load. */
  readonly seconds?: number;
  readonly totalMs: number | null;
  readonly requestsPerSecond: number | null;
  readonly p95Ms: number | null;
  readonly failedRatio: number | null;
  readonly users: number | null;
}

/** What an engine measured: its part of run.json. */
export type Measurement = Pick<
  RunResult,
  | "engine"
  | "startedAt"
  | "endedAt"
  | "evidence"
  | "quantileGrid"
  | "metrics"
  | "checks"
  | "statusCounts"
  | "errors"
  | "timeline"
  | "engineThresholds"
>;

export interface Engine {
  readonly name: string;
  readonly version: string;
  /** How many make the load together; left out: this process makes it. */
  readonly generators?: number;
  /** Checks the order without load; throws an InputError or ToolError. */
  prepare(order: LoadOrder): Promise<PreparedLoad>;
}

export interface PreparedLoad {
  /** Length of the run, when the engine knows it. */
  readonly totalMs: number | null;
  readonly maxUsers: number | null;
  /** About what the generator will hold at the end, bytes; null: it stays small, or cannot be told. */
  readonly memoryBytes: number | null;
  run(): Promise<Measurement>;
}
