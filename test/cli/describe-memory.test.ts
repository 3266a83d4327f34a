import { describe, expect, it } from "vitest";
import { planLoad } from "../../scenarios/lib/load.ts";
import { describeMemory } from "../../src/cli/measure-run.ts";
import { estimateMemory } from "../../src/engines/k6/memory.ts";

const GIB = 1024 ** 3;
const soak = (hours: number) =>
  planLoad(
    { model: "open", start: 500, stages: [{ duration: `${hours}h`, target: 500 }] },
    { requestsPerIteration: 2, pauseSeconds: 0 },
  );

describe("the memory of a long load", () => {
  it("grows with its requests, hour by hour alike", () => {
    const [one, two, four] = [1, 2, 4].map((hours) => estimateMemory(soak(hours)) ?? 0) as [
      number,
      number,
      number,
    ];
    expect(two - one).toBeGreaterThan(1_800_000 * 100);
    expect(four - two).toBeCloseTo(2 * (two - one), 0);
  });

  it("is told when it is much, with a warning when it does not fit, and not otherwise", () => {
    expect(describeMemory(0.1 * GIB, 8 * GIB)).toEqual([]);
    expect(describeMemory(null, 8 * GIB)).toEqual([]);
    expect(describeMemory(2 * GIB, 8 * GIB)).toEqual([
      "k6 keeps every sample: about 2 GiB by the end, 8 GiB are available",
    ]);
    expect(describeMemory(7 * GIB, 8 * GIB)[0]).toMatch(
      /^warning: .*7 GiB by the end, 8 GiB are available: it may be killed/,
    );
  });
});
