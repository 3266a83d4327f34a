import { describe, expect, it } from "vitest";
import { leastSquares, theilSen } from "../../src/stats/lines.ts";

describe("lines", () => {
  it("least squares: R's lm(dist ~ speed, cars)", () => {
    const speed = [
      4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16,
      16, 17, 17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25,
    ];
    const dist = [
      2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54,
      32, 40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85,
    ];
    const line = leastSquares(speed, dist);
    expect(line?.slope).toBeCloseTo(3.932409, 6);
    expect(line?.intercept).toBeCloseTo(-17.579095, 6);
  });

  it("Theil–Sen: Sen's own example (1968, JASA 63, p. 1385)", () => {
    expect(theilSen([1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78])).toEqual({
      slope: 4,
      intercept: 6,
    });
  });

  it("Theil–Sen does not move when a quarter of the points is wild, least squares does", () => {
    const xs = Array.from({ length: 40 }, (_, at) => at);
    const ys = xs.map((x) => (x % 4 === 3 ? 1000 + 50 * x : 5 + 2 * x));
    expect(Math.abs((theilSen(xs, ys)?.slope ?? 0) - 2)).toBeLessThan(1.5);
    expect(leastSquares(xs, ys)?.slope).toBeGreaterThan(10);
  });

  it("the incomplete method finds a long line too", () => {
    const xs = Array.from({ length: 1001 }, (_, at) => at);
    expect(
      theilSen(
        xs,
        xs.map((x) => 3 * x - 7),
      ),
    ).toEqual({ slope: 3, intercept: -7 });
  });

  it("two points make a line", () => {
    expect(theilSen([1, 3], [10, 14])).toEqual({ slope: 2, intercept: 8 });
    expect(leastSquares([1, 3], [10, 14])).toEqual({ slope: 2, intercept: 8 });
  });

  it("nothing can be said of one point or of one place", () => {
    expect(theilSen([1], [1])).toBeNull();
    expect(leastSquares([], [])).toBeNull();
    expect(leastSquares([2, 2], [1, 3])).toBeNull();
  });
});
