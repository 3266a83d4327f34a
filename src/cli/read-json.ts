import { existsSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { InputError } from "../model/problem.ts";
import { problemsOf } from "../systems/read-yaml.ts";

/** A JSON file of a known shape; throws an InputError with every problem in it. */
export function readJson<T>(file: string, schema: z.ZodType<T>, remedy: string): T {
  const fail = (message: string) => new InputError([{ file, message, remedy }]);
  if (!existsSync(file)) throw fail("no such file");
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw fail("is not JSON");
  }
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, file));
  return parsed.data;
}
