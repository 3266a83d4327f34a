import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { InputError } from "../../src/model/problem.ts";

/** Broken files are either understood or refused with problems a person can mend; anything else thrown is a defect. */
export function refusesOr(parse: () => unknown): void {
  try {
    parse();
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    expect(thrown.problems.length).toBeGreaterThan(0);
    for (const { message, remedy } of thrown.problems) {
      expect(message.length).toBeGreaterThan(0);
      expect(remedy.length).toBeGreaterThan(0);
    }
  }
}

/** The good files of a kind, to be broken. */
export const corpus = (kind: string) =>
  readdirSync(join("test/fixtures", kind, "good")).map((name) =>
    readFileSync(join("test/fixtures", kind, "good", name), "utf8"),
  );

/** The same cases every time; FUZZ=20 FUZZ_SEED=7 looks at twenty times as many others. */
export const samples = (property: fc.IPropertyWithHooks<unknown>, numRuns: number) =>
  fc.assert(property, {
    numRuns: numRuns * Number(process.env.FUZZ ?? 1),
    seed: Number(process.env.FUZZ_SEED ?? 1),
    endOnFailure: true,
  });
