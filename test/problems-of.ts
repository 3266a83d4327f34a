import { InputError, type Problem } from "../src/model/problem.ts";

/** What loading something complains of; nothing where it is sound. */
export function problemsOf(load: () => unknown): readonly Problem[] {
  try {
    load();
    return [];
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.problems;
    throw thrown;
  }
}
