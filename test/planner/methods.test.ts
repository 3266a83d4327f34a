import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidates } from "../../src/planner/forecast/candidates.ts";
import { seasonalSmoothing } from "../../src/planner/forecast/methods/double-seasonal.ts";
import { lagRegression } from "../../src/planner/forecast/methods/lag-regression.ts";
import { drift, naive, seasonalNaive } from "../../src/planner/forecast/methods/naive.ts";
import { dampedHolt, fitSes, theta } from "../../src/planner/forecast/methods/smoothing.ts";
import { naive2 } from "../../src/planner/forecast/naive2.ts";
import { minimise } from "../../src/stats/minimise.ts";
import { seededRandom } from "../../src/stats/random.ts";

const NONE = { seasons: [] };
const of = (length: number, value: (at: number) => number) =>
  Float64Array.from({ length }, (_, at) => value(at));
const list = (path: Float64Array | null) => [...(path ?? [])];

/** Annual flow of the Nile at Aswan, 1871–1970 (Cobb 1978; R's `Nile`). */
const NILE = Float64Array.from(
  "1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140 1100 1210 1150 1250 1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969 831 726 456 824 702 1120 1100 832 764 821 768 845 864 862 698 845 744 796 1040 759 781 865 845 944 984 897 822 1010 771 676 649 846 812 742 801 1040 860 874 848 890 744 749 838 1050 918 986 797 923 975 815 1020 906 901 1170 912 746 919 718 714 740".split(
    " ",
  ),
  Number,
);

describe("simple methods", () => {
  it("repeat, repeat the season, or go on in a line", () => {
    const history = Float64Array.from([1, 2, 3, 4, 5, 9]);
    expect(list(naive(history, 2, NONE))).toEqual([9, 9]);
    expect(list(seasonalNaive(0)(history, 5, { seasons: [3] }))).toEqual([4, 5, 9, 4, 5]);
    expect(list(drift(history, 2, NONE)).map((value) => Number(value.toFixed(9)))).toEqual([10.6, 12.2]);
  });

  it("simple smoothing of the Nile gives R's HoltWinters(Nile, beta = FALSE, gamma = FALSE)", () => {
    const { alpha, level } = fitSes(NILE);
    expect(alpha).toBeCloseTo(0.2465796, 3);
    expect(level).toBeCloseTo(805.0389, 0);
  });

  it("theta goes on with half the slope of a line, damped Holt with less and less of it", () => {
    const line = of(60, (at) => 100 + 3 * at);
    const steps = (path: number[]) => path.slice(1).map((value, index) => value - (path[index] as number));
    for (const step of steps(list(theta(line, 5, NONE)))) expect(step).toBeCloseTo(1.5, 6);
    const damped = steps(list(dampedHolt(line, 6, NONE)));
    expect(
      damped.every((step, index) => step > 0 && (index === 0 || step < (damped[index - 1] as number))),
    ).toBe(true);
  });
});

describe("methods for seasons", () => {
  const daily = (at: number) =>
    100 + 20 * Math.sin((2 * Math.PI * at) / 24) + (Math.floor(at / 24) % 7 >= 5 ? -30 : 0);
  const history = of(24 * 7 * 4, daily);
  const truth = of(48, (step) => daily(history.length + step));

  it("seasonal smoothing and lag regression go on with a day within a week", () => {
    const error = (path: Float64Array | null) =>
      Math.max(...list(path).map((value, step) => Math.abs(value - (truth[step] as number))));
    expect(error(seasonalSmoothing(history, 48, { seasons: [24, 168] }))).toBeLessThan(2);
    expect(error(lagRegression(history, 48, { seasons: [24, 168] }))).toBeLessThan(8);
  });

  it("lag regression finds the autoregression it is shown", () => {
    const random = seededRandom(5);
    const made = new Float64Array(4000);
    for (let at = 1; at < made.length; at++) made[at] = 0.8 * (made[at - 1] as number) + random() - 0.5;
    const last = made.at(-1) as number;
    expect(list(lagRegression(made, 1, NONE))[0]).toBeCloseTo(0.8 * last, 1);
  });

  it("Naive2 of an exact multiplicative season goes on with it, and is the naive forecast without one", () => {
    const index = [0.5, 1, 1.5, 1];
    const seasonal = of(40, (at) => 200 * (index[at % 4] as number));
    expect(list(naive2(seasonal, 4, 4)).map((value) => Number(value.toFixed(6)))).toEqual([
      100, 200, 300, 200,
    ]);
    expect(list(naive2(Float64Array.from([3, 1, 4, 1, 5]), 2, 1))).toEqual([5, 5]);
  });
});

describe("every method", () => {
  const seasons = [7, 28];
  const histories = fc
    .array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 120 })
    .map((values) => Float64Array.from(values));

  it.each(Object.entries(candidates))(
    "%s is deterministic, finite, leaves its input alone and follows the unit of the series",
    (_, method) => {
      fc.assert(
        fc.property(histories, fc.integer({ min: 1, max: 20 }), (history, horizon) => {
          const before = list(history);
          const path = method(history, horizon, { seasons });
          expect(list(history)).toEqual(before);
          expect(method(history, horizon, { seasons })).toEqual(path);
          if (path === null) return;
          expect(path).toHaveLength(horizon);
          expect(path.every(Number.isFinite)).toBe(true);
          const doubled = method(
            history.map((value) => value * 2),
            horizon,
            { seasons },
          );
          for (const [step, value] of list(doubled).entries()) {
            expect(Math.abs(value - 2 * (path[step] as number))).toBeLessThan(0.02 * (1 + Math.abs(value)));
          }
        }),
        { numRuns: 25 },
      );
    },
  );
});

describe("minimise", () => {
  it("finds the bottom of Rosenbrock's valley, and a bound where the bottom lies beyond it", () => {
    const valley = ([x, y]: Float64Array) =>
      (1 - (x as number)) ** 2 + 100 * ((y as number) - (x as number) ** 2) ** 2;
    const { point, value } = minimise(
      valley,
      [-1, 1],
      [
        [-2, 2],
        [-2, 2],
      ],
      600,
    );
    expect(value).toBeLessThan(1e-6);
    expect(point[0]).toBeCloseTo(1, 2);
    expect(minimise(([x]) => ((x as number) - 3) ** 2, [0.5], [[0, 1]], 80).point[0]).toBeCloseTo(1, 6);
  });
});
