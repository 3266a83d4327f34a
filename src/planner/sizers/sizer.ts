import type { z } from "zod";
import type { Capacity } from "../../model/capacity.ts";
import type { OperatorsRule } from "../../model/forecast-demand.ts";
import type { Latent, Margin, SizingLine } from "../../model/sizing-line.ts";
import type { Unit } from "../../model/unit.ts";
import type { Catalogue } from "../catalogue.ts";
import type { CurrentCost } from "../demand/cost-shift.ts";
import type { DemandPath } from "../demand/demand-path.ts";
import type { IdleFloor } from "../demand/idle-floor.ts";

/** Levels by day, index 0 being the first day ahead; they never fall. */
export type Levels = Pick<DemandPath, "p10" | "p50" | "p90" | "firstDay"> & {
  /** The highest of the horizon, path by path; absent where it is not known. */
  readonly highest?: Float64Array;
  readonly worst?: DemandPath["worst"];
  /** The demand they are of; absent for what follows from another resource. */
  readonly signal?: string;
  /** The busiest day of the last week, as seen; absent where it is not known. */
  readonly now?: number;
};

/** One reason for a resource to grow. */
export interface Driver {
  /** "CPU", "memory", "pools": what is short when this one is the greatest. */
  readonly name: string;
  readonly levels: Levels;
  /** Units of the resource that a level needs, redundancy included. Never falls as the level rises. */
  need(level: number): number;
  readonly capacity: SizingLine["capacity"];
  /** The arithmetic from level to units, a sentence each. */
  readonly why: readonly string[];
  /** `rule`: no measurement, the operators' document; it is shown, and buys nothing. Default: measured. */
  readonly evidence?: "measured" | "rule";
  /** Factors between what a level takes bare and `need`, in order. */
  margins?(level: number): readonly Margin[];
}

/** What a sizer makes of its inputs; dates, intervals and the recommendation follow from it for all alike. */
export interface Sized {
  readonly unit: string;
  readonly current: number | null;
  readonly currentName?: string;
  /** The size up to which it grows by itself, such as an autoscaler's maximum; it runs out beyond that. */
  readonly growsTo?: number | undefined;
  readonly drivers: readonly [Driver, ...Driver[]];
  /** The size to buy for a need: whole instances, the next class. */
  choose(need: number): { readonly value: number; readonly name: string | null };
  readonly why?: readonly string[];
  /** What is unsafe, given the need and the recommendation. */
  warn?(need: number): readonly string[];
  /** What can happen beyond the drivers, given the need. */
  latent?(need: number): readonly Latent[];
  readonly pool?: SizingLine["pool"];
  /** Most that its autoscaler may start, as set. */
  readonly maximum?: number | undefined;
  placement?(chosen: number): SizingLine["placement"];
  readonly container?: SizingLine["container"];
  readonly usage?: SizingLine["usage"];
  readonly operatorsRule: OperatorsRule | null;
}

/** What keeps another resource from growing by itself as far as its autoscaler may. */
export interface GrowthBound {
  readonly resource: string;
  /** Most that can run, a rolling update included. */
  readonly most: number;
  readonly why: string;
}

export interface Refused {
  readonly refused: string;
}

/** Everything a sizer may ask. */
export interface SizingContext {
  readonly horizonDays: number;
  /** A signal's forecast. */
  demand(signal: string): (DemandPath & Pick<Levels, "now">) | Refused;
  /** The same of each day's highest single point: for what breaks at once, such as a memory limit. */
  highest(signal: string): (DemandPath & Pick<Levels, "now">) | Refused;
  /** A signal's median busy hour of the last week. */
  recent(signal: string): number | null;
  /** Usage per unit of demand. */
  serviceDemand(usage: string, demand: string): CurrentCost | Refused;
  /** What an earlier resource of the profile needs by day, and its recommendation. */
  resource(
    name: string,
  ): { readonly levels: Levels; readonly line: SizingLine; readonly isMeasured: boolean } | Refused;
  /** Usage as a constant for each instance and a share for each unit of demand. */
  idleFloor(usage: string, instances: string, demand: string): IdleFloor | Refused;
  /** What other rules of the profile set that keeps this resource from growing. */
  readonly bounds: readonly GrowthBound[];
  /** A signal's points by the profile's step. */
  points(signal: string): readonly (number | null)[];
  readonly measured: Capacity | null;
  /** Other things run than do: what the history shows of today is no mistake of the profile. */
  readonly isWhatIf: boolean;
  /** The history's end, ms: what "stale" is relative to. */
  readonly asOfMs: number;
  readonly catalogue: Catalogue;
}

export interface Reads {
  readonly signals: readonly string[];
  readonly resources?: readonly string[];
  /** Units that some of the signals must have: bytes of a memory, cores of a CPU. */
  readonly units?: readonly { readonly signal: string | undefined; readonly unit: Unit }[];
}

/** One kind of resource: what its rule in a profile says, and the arithmetic. Pure. */
export interface Sizer<P = unknown> {
  readonly describes: string;
  readonly params: z.ZodType<P>;
  /** Signals and earlier resources that the parameters name. */
  reads(params: P): Reads;
  size(params: P, context: SizingContext): Sized | Refused;
  /** How far another resource can grow by what is set here. */
  bounds?(params: P, catalogue: Catalogue): readonly GrowthBound[];
  /** The demand, requests/s, that a load test can rehearse. */
  rehearses?(params: P): string | null;
}

export const isRefused = <T extends object>(value: T | Refused): value is Refused => "refused" in value;

/** Keeps the parameters' type while the registry forgets it. */
export function defineSizer<P>(sizer: Sizer<P>): Sizer {
  return sizer as Sizer;
}
