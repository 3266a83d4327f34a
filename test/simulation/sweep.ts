import { expect, it } from "vitest";
import type { Violation } from "./properties.ts";
import { simulate } from "./simulate.ts";

export interface Swept {
  /** One line a violation, with what replays it. */
  readonly lines: string[];
  /** By property and kind. */
  readonly kinds: ReadonlyMap<string, number[]>;
  readonly statuses: Readonly<Record<"pass" | "fail" | "inconclusive", number>>;
  readonly coverage: { readonly intervals: number; readonly held: number };
}

const MOST_LINES = 20;

/** A test that so many seeds make no run whose verdict its world does not allow. */
export function holdsItsProperties(first: number, count: number): void {
  it(`seeds ${first} to ${first + count - 1}: every verdict is one that its world allows`, {
    timeout: 1_800_000,
  }, () => {
    const { lines, coverage } = sweep(first, count);
    expect(lines).toEqual([]);
    expect(coverage.held / coverage.intervals).toBeGreaterThan(0.95);
  });
}

/** The runs of so many seeds, held to their properties. */
export function sweep(first: number, count: number): Swept {
  const kinds = new Map<string, number[]>();
  const statuses = { pass: 0, fail: 0, inconclusive: 0 };
  const coverage = { intervals: 0, held: 0 };
  const lines: string[] = [];
  for (let seed = first; seed < first + count; seed++) {
    const { verdict, violations, intervals } = attempt(seed);
    if (verdict !== null) statuses[verdict.status]++;
    coverage.intervals += intervals.intervals;
    coverage.held += intervals.held;
    for (const violation of violations) {
      const name = `${violation.property}: ${violation.kind}`;
      kinds.set(name, [...(kinds.get(name) ?? []), seed]);
      if (lines.length < MOST_LINES)
        lines.push(
          `${name}: HEADROOM_SEED=${seed} npx vitest run --project unit test/simulation/simulation.test.ts`,
        );
    }
  }
  return { lines, kinds, statuses, coverage };
}

function attempt(seed: number) {
  try {
    return simulate(seed);
  } catch (thrown) {
    const crash: Violation = { property: "crash", kind: String(thrown).split("\n")[0] ?? "" };
    return { verdict: null, violations: [crash], intervals: { intervals: 0, held: 0 } };
  }
}
