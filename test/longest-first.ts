import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest, the longest first: begun last, they would end alone. */
const LONGEST = [
  "simulation/simulation",
  "simulation/simulation-2",
  "fuzz/planner",
  "fuzz/gate",
  "e2e/capacity",
  "e2e/systems",
  "e2e/target-faults",
  "e2e/docs",
  "stack/plan",
  "e2e/readme",
  "e2e/prometheus-faults",
  "e2e/plan",
  "e2e/machine-faults",
  "e2e/stores",
  "e2e/report",
  "e2e/interrupt",
  "e2e/distributed-faults",
  "e2e/gate",
  "e2e/silent-green",
].map((name) => `/${name}.test.ts`);

/** The order of a fresh clone, where nothing is known yet of how long a file took. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
