import type { z } from "zod";
import { InputError } from "../model/problem.ts";
import { problemsOf } from "../systems/read-yaml.ts";
import { readText } from "./read-text.ts";

/** A JSON file of a known shape; throws an InputError with every problem in it. */
export function readJson<T>(file: string, schema: z.ZodType<T>, remedy: string): T {
  const text = readText(file, remedy);
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new InputError([{ file, message: "is not JSON", remedy }]);
  }
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, file));
  return parsed.data;
}

/** What is read from a file among others; null where it is none of its kind, such as one that a crash cut short. */
export function unlessUnreadable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof InputError) return null;
    throw thrown;
  }
}
