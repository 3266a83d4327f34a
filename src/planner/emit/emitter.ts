import type { z } from "zod";
import type { Plan } from "../../model/plan.ts";
import { isSized } from "../../model/plan.ts";
import type { SizingLine } from "../../model/sizing-line.ts";
import type { Catalogue } from "../catalogue.ts";

export interface EmitContext {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
}

export interface EmittedFile {
  readonly name: string;
  readonly text: string;
}

/** Turns a plan into a file that somebody else's tool reads. */
export interface Emitter<P = unknown> {
  readonly describes: string;
  readonly params: z.ZodType<P>;
  /** Resources the parameters name. */
  reads(params: P): readonly string[];
  /** null where a resource it needs was refused: half a file is worse than none. */
  emit(params: P, context: EmitContext): EmittedFile | null;
}

export function defineEmitter<P>(emitter: Emitter<P>): Emitter {
  return emitter as Emitter;
}

export function findLine({ plan }: EmitContext, resource: string): SizingLine | null {
  return plan.sizing.filter(isSized).find((line) => line.resource === resource) ?? null;
}

/**
 * The most instances that may be asked for: as set today, as far as nodes, quota and pools of the recommended size let it,
 * and never fewer than are recommended. Every file that names a maximum takes it from here.
 */
export function ceilingOf({ plan }: EmitContext, line: SizingLine, today = line.maximum ?? 0): number {
  const pools = plan.sizing
    .filter(isSized)
    .flatMap(({ pool }) => (pool?.instances === line.resource ? [pool.upTo] : []));
  return Math.max(line.recommended, Math.min(today, line.placement?.most ?? today, ...pools));
}

/** Files of instances and of the database name the same pools. */
function poolNotes({ sizing }: Plan, lines: readonly SizingLine[]): string[] {
  const names = lines.map(({ resource }) => resource);
  return sizing
    .filter(isSized)
    .flatMap(({ resource, pool }) =>
      pool !== null &&
      pool.recommended < pool.current &&
      (names.includes(resource) || names.includes(pool.instances))
        ? [
            `Pools: at most ${pool.recommended} connections per instance instead of ${pool.current}; so many fit up to ${pool.upTo} instances.`,
          ]
        : [],
    );
}

/** What a reader of the file must know: where it is from and what is unsafe about it. */
export function headOf({ plan }: EmitContext, lines: readonly SizingLine[]): string[] {
  return [
    `Recommended by Headroom for ${plan.system} as of ${plan.asOf.slice(0, 10)}, ${plan.horizonDays} days ahead, at p90.`,
    ...lines.flatMap(({ resource, warnings }) =>
      warnings.map((warning) => `Warning, ${resource}: ${warning}`),
    ),
    ...poolNotes(plan, lines),
  ].map((line) => `# ${line.replace(/[\r\n]+/g, " ")}`);
}
