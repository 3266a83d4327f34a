/** The variables of paths: which a step needs, and what answers give. */
import { isExpected } from "./answers.ts";
import type { Answer, Step } from "./journey.ts";

/** Whether an iteration takes this step. `roll` is uniform on [0, 1). */
export function isTaken(step: Step, vars: Readonly<Record<string, string>>, roll: number): boolean {
  if (roll >= (step.share ?? 1)) return false;
  return placeholdersOf(step.path).every((name) => vars[name] !== undefined);
}

const PLACEHOLDER = /\{(\w+)\}/g;

/** A path with its variables' values in place. */
export function fillPath(path: string, vars: Readonly<Record<string, string>>): string {
  return path.replace(PLACEHOLDER, (_, name: string) => encodeURIComponent(vars[name] ?? ""));
}

/** Names of the variables in a path. */
export function placeholdersOf(path: string): readonly string[] {
  const known = placeholders.get(path);
  if (known !== undefined) return known;
  const found = [...path.matchAll(PLACEHOLDER)].map((match) => match[1] as string);
  placeholders.set(path, found);
  return found;
}

/** By path: they are asked for at every step of every iteration. */
const placeholders = new Map<string, readonly string[]>();

/** A text that is not empty, a number, a truth: what a path can hold. An empty id would ask for the list instead. */
export function isGiven(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  return typeof value === "boolean" || typeof value === "bigint" || Number.isFinite(value);
}

/** What the step extracts from an answer, as strings; what no path can hold is left out. */
export function extractVars(step: Step, answer: Answer): Record<string, string> {
  const vars: Record<string, string> = {};
  if (!step.extract || !isExpected(step, answer.status)) return vars;
  for (const [name, value] of Object.entries(step.extract(answer))) {
    if (isGiven(value)) vars[name] = String(value);
  }
  return vars;
}

/** Names a step extracts, found by showing it an answer in which everything is there; none where it refuses that. */
export function extractedNames(step: Step): string[] {
  const answer: Answer = { status: 200, durationMs: 0, json: () => ANYTHING, header: () => "anything" };
  try {
    return Object.keys(step.extract?.(answer) ?? {});
  } catch {
    return [];
  }
}

/** Whatever is asked of it: an object with every field, a list of one, a function, a text. */
const ANYTHING: unknown = new Proxy(() => ANYTHING, {
  get: (_, key) => {
    if (key === Symbol.iterator) return [ANYTHING].values.bind([ANYTHING]);
    if (key === Symbol.toPrimitive || key === "toString") return () => "anything";
    return key === "length" ? 1 : ANYTHING;
  },
  apply: () => ANYTHING,
});
