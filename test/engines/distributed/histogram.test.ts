import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutAt, quantileOf } from "../../../src/engines/distributed/histogram.ts";
import { type Bucket, parseHistograms } from "../../../src/prometheus/histogram.ts";

/** Buckets of Prometheus's native schema 3: (f^(i-1), f^i] with f = 2^(1/8). */
function bucketsOf(samples: readonly number[]): Bucket[] {
  const factor = 2 ** (1 / 8);
  const counts = new Map<number, number>();
  for (const sample of samples) {
    const index = Math.ceil(Math.log(sample) / Math.log(factor) - 1e-12);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([index, count]) => ({ low: factor ** (index - 1), high: factor ** index, count }));
}

const samples = fc.array(fc.double({ min: 0.5, max: 5000, noNaN: true }), { minLength: 1, maxLength: 400 });
const quantiles = fc.constantFrom(0.01, 0.5, 0.9, 0.95, 0.99, 1);
const nearestRank = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length - 1e-9)) - 1] as number;

describe("a quantile of a histogram", () => {
  it("lies in a bucket that holds the sample of that rank", () => {
    fc.assert(
      fc.property(samples, quantiles, (values, q) => {
        const found = quantileOf(bucketsOf(values), q);
        const truth = nearestRank(values, q);
        expect(found?.bucket.low).toBeLessThanOrEqual(truth * (1 + 1e-9));
        expect(found?.bucket.high).toBeGreaterThanOrEqual(truth * (1 - 1e-9));
        expect(found?.value).toBeGreaterThan(found?.bucket.low ?? Number.NaN);
        expect(found?.value).toBeLessThan(found?.bucket.high ?? Number.NaN);
      }),
    );
  });

  it("is on the limit's true side once the samples below the limit were counted", () => {
    fc.assert(
      fc.property(samples, quantiles, fc.double({ min: 0.5, max: 5000, noNaN: true }), (values, q, limit) => {
        const below = values.filter((value) => value <= limit).length;
        const cut = cutAt(bucketsOf(values), { at: limit, below });
        if (cut === null) return; // the limit is a bucket's bound, to the last digit
        const found = quantileOf(cut, q);
        expect((found?.value ?? Number.NaN) < limit).toBe(nearestRank(values, q) <= limit);
        expect(cut.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
      }),
    );
  });

  it("cannot be told without samples", () => {
    expect(quantileOf([], 0.5)).toBeNull();
  });
});

describe("a count that contradicts the buckets", () => {
  const buckets = [
    { low: 1, high: 2, count: 10 },
    { low: 2, high: 4, count: 5 },
  ];
  it.each([
    [3, 9],
    [3, 16],
    [2, 11],
    [8, 14],
  ])("cuts nothing: %f with %i below", (at, below) => {
    expect(cutAt(buckets, { at, below })).toBeNull();
  });

  it("cuts where it fits", () => {
    expect(cutAt(buckets, { at: 3, below: 12 })).toEqual([
      { low: 1, high: 2, count: 10 },
      { low: 2, high: 3, count: 2 },
      { low: 3, high: 4, count: 3 },
    ]);
  });
});

describe("a store's answer", () => {
  const answer = (result: unknown[]) => ({ status: "success", data: { resultType: "vector", result } });
  it("is read with its buckets in order; series of plain numbers are left out", () => {
    const read = parseHistograms(
      answer([
        {
          metric: { name: "a" },
          histogram: [
            1,
            {
              count: "3",
              sum: "1.5",
              buckets: [
                [0, "0.5", "0.6", "1"],
                [0, "0.1", "0.2", "2"],
              ],
            },
          ],
        },
        { metric: { name: "b" }, value: [1, "0"] },
      ]),
    );
    expect(read).toEqual([
      {
        labels: { name: "a" },
        count: 3,
        sum: 1.5,
        buckets: [
          { low: 0.1, high: 0.2, count: 2 },
          { low: 0.5, high: 0.6, count: 1 },
        ],
      },
    ]);
  });

  it.each([
    "<html>",
    { status: "error" },
    answer([{ metric: {}, histogram: [1, { count: "many", sum: "1" }] }]),
  ])("that is something else is refused", (body) => {
    expect(parseHistograms(body)).toBeNull();
  });
});
