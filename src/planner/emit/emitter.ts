import type { z } from "zod";
import type { Plan, SizingLine } from "../../model/plan.ts";
import { isSized } from "../../model/plan.ts";
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

/** What a reader of the file must know: where it is from and what is unsafe about it. */
export function headOf({ plan }: EmitContext, lines: readonly SizingLine[]): string[] {
  return [
    `Recommended by Headroom for ${plan.system} as of ${plan.asOf.slice(0, 10)}, ${plan.horizonDays} days ahead, at p90.`,
    ...lines.flatMap(({ resource, warnings }) =>
      warnings.map((warning) => `Warning, ${resource}: ${warning}`),
    ),
  ].map((line) => `# ${line.replace(/[\r\n]+/g, " ")}`);
}
