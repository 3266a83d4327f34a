import { describe, expect, it } from "vitest";
import { blockBootstrap } from "../../src/comparison/block-bootstrap.ts";
import { blockLength } from "../../src/comparison/block-length.ts";
import { normal, seededRandom } from "../../src/stats/random.ts";

const mean = (sums: Float64Array) => (sums[1] as number) / (sums[0] as number);

/** Mean over many series of the standard error found, beside how far their means really spread. */
function foundAndTrue(make: (random: () => number) => number[], series: number) {
  const random = seededRandom(7);
  const all = Array.from({ length: series }, () => make(random));
  const found = all.map(
    (values) =>
      blockBootstrap(
        values.map((value) => Float64Array.of(1, value)),
        blockLength(values),
        mean,
      )?.standardError ?? Number.NaN,
  );
  const means = all.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const centre = means.reduce((sum, value) => sum + value, 0) / series;
  return {
    found: found.reduce((sum, value) => sum + value, 0) / series,
    spread: Math.sqrt(means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (series - 1)),
  };
}

describe("the block length", () => {
  const random = seededRandom(3);
  it("is short where seconds are independent, and long where they are alike", () => {
    const white = Array.from({ length: 400 }, () => normal(random));
    let value = 0;
    const slow = white.map((noise) => {
      value = 0.9 * value + noise;
      return value;
    });
    expect(blockLength(white)).toBeLessThanOrEqual(4);
    // For AR(1) the best length is (2φ/(1 − φ²))^(2/3) · (3n/2)^(1/3) = 38 at φ = 0.9, n = 400 (Politis & White).
    expect(blockLength(slow)).toBeGreaterThan(19);
    expect(blockLength(slow)).toBeLessThanOrEqual(60);
    expect(blockLength(new Array(50).fill(3))).toBe(1);
  });
});

describe("the block bootstrap's standard error", () => {
  it("is σ/√n where seconds are independent", () => {
    const { found } = foundAndTrue((random) => Array.from({ length: 100 }, () => 5 + 2 * normal(random)), 60);
    expect(found).toBeGreaterThan(0.2 * 0.88);
    expect(found).toBeLessThan(0.2 * 1.12);
  });

  it("grows with their dependence, where that of single seconds would not", () => {
    // AR(1) with φ = 0.5: the mean's standard error is √((1 + φ)/(1 − φ)) = 1.73 times that of independent seconds.
    const { found, spread } = foundAndTrue((random) => {
      let value = 0;
      return Array.from({ length: 400 }, () => {
        value = 0.5 * value + normal(random);
        return value;
      });
    }, 60);
    const independent = Math.sqrt(1 / (1 - 0.25) / 400);
    expect(found / independent).toBeGreaterThan(1.45);
    expect(found / spread).toBeGreaterThan(0.75);
    expect(found / spread).toBeLessThan(1.25);
  });

  it("is none of fewer than four blocks, nor of a statistic that draws do not have", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, at) => Float64Array.of(1, at));
    expect(blockBootstrap(rows(3), 1, mean)).toBeNull();
    expect(blockBootstrap(rows(50), 4, () => null)).toBeNull();
    // Blocks of 4, or of a sixth of the series where that shows more: here they rise all along.
    expect(blockBootstrap(rows(50), 4, mean)?.degrees).toBe(5);
  });
});
