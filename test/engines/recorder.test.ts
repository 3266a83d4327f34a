import { describe, expect, it } from "vitest";
import { Recorder } from "../../src/engines/embedded/recorder.ts";
import { QUANTILE_GRID } from "../../src/model/metric-row.ts";
import { seededRandom } from "../../src/stats/random.ts";

/** The smallest value that the share of all values does not exceed. */
const nearestRank = (sorted: readonly number[], [numerator, denominator]: readonly [number, number]) =>
  sorted[Math.max(0, Math.ceil((numerator * sorted.length) / denominator) - 1)] as number;

describe("the recorder of the embedded engine", () => {
  it.each([1, 2, 3, 10, 100, 1000, 12_345])("tells every quantile of %i answers to three digits", (count) => {
    const random = seededRandom(count);
    const recorder = new Recorder();
    const durations = Array.from({ length: count }, () => 10 ** (4 * random() - 1));
    for (const [at, durationMs] of durations.entries())
      recorder.answer(at, {
        endpoint: at % 2 === 0 ? "even" : "odd",
        phase: "steady",
        step: null,
        status: 200,
        durationMs,
        failed: false,
        limited: false,
      });
    const row = recorder
      .rows()
      .find(({ metric, tags }) => metric === "http_req_duration" && Object.keys(tags).length === 0);
    if (row?.type !== "trend") throw new Error("no durations");
    const sorted = durations.toSorted((a, b) => a - b);
    // In thousandths of a percent, which are whole numbers: a share such as 0.29 has no exact product with a count.
    const misses = QUANTILE_GRID.flatMap((q, index) => {
      const expected = nearestRank(sorted, [Math.round(q * 100_000), 100_000]);
      const told = row.quantiles?.[index] ?? Number.NaN;
      return Math.abs(told - expected) <= 0.001 * expected + 0.001 ? [] : [`${q}: ${told}, not ${expected}`];
    });
    expect(misses).toEqual([]);
  });
});
