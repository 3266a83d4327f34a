import { describe, expect, it } from "vitest";
import { minimise } from "../../src/stats/minimise.ts";

type Cost = (point: Float64Array) => number;
const UNIT = [
  [0, 1],
  [0, 1],
] as const;

describe("the simplex", () => {
  it.each<[string, Cost, number[], (readonly [number, number])[], number[]]>([
    [
      "a bowl",
      ([x, y]) => ((x as number) - 0.3) ** 2 + ((y as number) - 0.6) ** 2,
      [0.9, 0.1],
      [...UNIT],
      [0.3, 0.6],
    ],
    [
      "a bowl whose bottom lies outside",
      ([x, y]) => ((x as number) - 2) ** 2 + ((y as number) + 1) ** 2,
      [0.5, 0.5],
      [...UNIT],
      [1, 0],
    ],
    [
      "Rosenbrock's valley",
      ([x, y]) => (1 - (x as number)) ** 2 + 100 * ((y as number) - (x as number) ** 2) ** 2,
      [-1.2, 1],
      [
        [-2, 2],
        [-1, 3],
      ],
      [1, 1],
    ],
    [
      "a parabola of one parameter, begun at its upper bound",
      ([x]) => ((x as number) - 0.25) ** 2,
      [1],
      [[0, 1]],
      [0.25],
    ],
    ["a parabola begun at its lower bound", ([x]) => ((x as number) - 0.25) ** 2, [0], [[0, 1]], [0.25]],
    [
      "a narrow bowl of three",
      ([x, y, z]) =>
        (x as number) ** 2 + 20 * ((y as number) - 0.5) ** 2 + 5 * ((z as number) - (y as number)) ** 2,
      [0.5, 0.9, 0.1],
      [...UNIT, [0, 1]],
      [0, 0.5, 0.5],
    ],
  ])("finds the bottom of %s", (_, cost, start, bounds, bottom) => {
    const { point, value } = minimise(cost, start, bounds, 400);
    bottom.forEach((expected, index) => {
      expect(point[index]).toBeCloseTo(expected, 2);
    });
    expect(value).toBe(cost(point));
  });

  it("asks about as often as it may, never outside the bounds, and stops where nothing improves", () => {
    const asked: number[][] = [];
    const bumpy: Cost = (point) => {
      asked.push([...point]);
      return Math.sin(40 * (point[0] as number)) + (point[1] as number) ** 2;
    };
    minimise(bumpy, [0.2, 3], [...UNIT], 60);
    // A step of the simplex may ask a few times more than is left.
    expect(asked.length).toBeLessThanOrEqual(64);
    expect(asked.flat().every((value) => value >= 0 && value <= 1)).toBe(true);
    let flat = 0;
    const level: Cost = () => {
      flat++;
      return 5;
    };
    minimise(level, [0.5, 0.5], [...UNIT], 1000);
    // The corners of the first simplex.
    expect(flat).toBe(3);
  });

  it("gives the best of all it saw, whenever it has to stop", () => {
    for (let evaluations = 3; evaluations < 80; evaluations++) {
      let best = Number.POSITIVE_INFINITY;
      const watched: Cost = ([x, y]) => {
        const value = (1 - (x as number)) ** 2 + 100 * ((y as number) - (x as number) ** 2) ** 2;
        best = Math.min(best, value);
        return value;
      };
      expect(minimise(watched, [0.1, 0.9], [...UNIT], evaluations).value).toBe(best);
    }
  });

  it("keeps away from where the cost is no number", () => {
    const cost: Cost = ([x]) =>
      (x as number) > 0.5 ? Number.NaN : (x as number) === 0.5 ? 0.1 : 1 - (x as number);
    expect(minimise(cost, [0.3], [[0, 1]]).value).toBeLessThanOrEqual(0.51);
  });
});
