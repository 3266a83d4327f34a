import { describe, expect, it } from "vitest";
import { normal, seededRandom } from "../../src/stats/random.ts";

describe("seeded numbers", () => {
  it.each([
    // The public-domain mulberry32 in C, over 2³².
    [0, [1144304738, 1416247, 958946056]],
    [1, [2693262067, 11749833, 2265367787]],
    [42, [2581720956, 1925393290, 3661312704]],
  ])("of seed %d are mulberry32's", (seed, expected) => {
    const random = seededRandom(seed);
    expect(expected.map(() => random() * 2 ** 32)).toEqual(expected);
  });

  it("normal ones have mean 0, deviation 1 and the tails of a normal", () => {
    const random = seededRandom(3);
    const drawn = Array.from({ length: 20_000 }, () => normal(random));
    const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
    const deviation = Math.sqrt(drawn.reduce((sum, one) => sum + (one - mean) ** 2, 0) / drawn.length);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.02);
    expect(drawn.filter((one) => Math.abs(one) > 1.96).length / drawn.length).toBeCloseTo(0.05, 2);
  });
});
