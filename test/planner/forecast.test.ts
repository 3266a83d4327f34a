import { describe, expect, it } from "vitest";
import { detectSeason } from "../../src/planner/forecast/detect-season.ts";
import { forecastSeries } from "../../src/planner/forecast/forecast.ts";
import { mase, naiveScale, smape } from "../../src/planner/forecast/score.ts";
import { parseSeriesCsv } from "../../src/planner/series-csv.ts";
import { normal, seededRandom } from "../../src/stats/random.ts";

describe("scores", () => {
  const actual = Float64Array.from([100, 200]);
  const guess = Float64Array.from([110, 180]);

  it("are those of the M4 competition, worked by hand", () => {
    // 200·10/210 and 200·20/380
    expect(smape(actual, guess)).toBeCloseTo((9.52381 + 10.52632) / 2, 4);
    expect(smape(new Float64Array(2), new Float64Array(2))).toBe(0);
    expect(naiveScale(Float64Array.from([1, 4, 2, 8]), 1)).toBeCloseTo((3 + 2 + 6) / 3, 12);
    expect(naiveScale(Float64Array.from([1, 4, 2, 8]), 2)).toBeCloseTo((1 + 4) / 2, 12);
    expect(mase(actual, guess, 5)).toBe(3);
  });

  it("have no scale where nothing changes", () =>
    expect(naiveScale(new Float64Array(9).fill(3), 1)).toBeNull());
});

describe("detectSeason", () => {
  it("finds a year of weeks, and seldom a season in a random walk", () => {
    const yearly = Float64Array.from(
      { length: 300 },
      (_, at) => 500 + at + 80 * Math.sin((2 * Math.PI * at) / 52),
    );
    expect(detectSeason(yearly)).toBe(52);
    const random = seededRandom(9);
    let found = 0;
    for (let trial = 0; trial < 200; trial++) {
      let value = 100;
      const walk = Float64Array.from({ length: 200 }, () => {
        value += normal(random);
        return value;
      });
      if (detectSeason(walk) !== null) found++;
    }
    // Four lags tested at 5% each.
    expect(found / 200).toBeLessThan(0.3);
  });

  it("finds none in a series that never changes or is too short", () => {
    expect(detectSeason(new Float64Array(100).fill(7))).toBeNull();
    expect(detectSeason(Float64Array.from([1, 2, 3]))).toBeNull();
  });
});

describe("forecastSeries", () => {
  const made = (seed: number, length: number) => {
    const random = seededRandom(seed);
    let level = 1000;
    return Float64Array.from({ length }, (_, at) => {
      level += 0.5 + normal(random);
      return level + 100 * Math.sin((2 * Math.PI * at) / 7) + 10 * normal(random);
    });
  };

  it("holds the truth in its 95% interval about as often as it says", () => {
    let inside = 0;
    let points = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const whole = made(seed, 160);
      const forecast = forecastSeries(whole.slice(0, 146), 14, { seasons: [7] });
      whole.slice(146).forEach((value, step) => {
        points++;
        if (forecast && value >= forecast.spread.at(0.025, step) && value <= forecast.spread.at(0.975, step))
          inside++;
      });
    }
    expect(inside / points).toBeGreaterThan(0.9);
    expect(inside / points).toBeLessThan(0.99);
  });

  it("is the same for the same history, and refuses one that is too short", () => {
    const shape = { seasons: [7] };
    const [one, other] = [forecastSeries(made(3, 90), 7, shape), forecastSeries(made(3, 90), 7, shape)];
    expect(one?.mean).toEqual(other?.mean);
    expect(one?.spread.at(0.9, 6)).toBe(other?.spread.at(0.9, 6));
    expect(forecastSeries(Float64Array.from([1, 2, 3, 4, 5]), 3, { seasons: [] })).toBeNull();
  });

  it("never goes below zero where the history never did", () => {
    const dying = Float64Array.from({ length: 120 }, (_, at) => Math.max(0, 100 - at));
    const forecast = forecastSeries(dying, 30, { seasons: [] });
    expect(
      Math.min(...Array.from({ length: 20 }, (_, step) => forecast?.spread.at(0.025, step) ?? -1)),
    ).toBeGreaterThanOrEqual(0);
  });
});

describe("series from a CSV", () => {
  it("reads rows of any length, quotes, a heading and trailing blanks", () => {
    const series = parseSeriesCsv('"id","V1","V2"\n"a",1,2.5,,\nb,"3"\n', "x.csv");
    expect(series.map(({ id, values }) => [id, [...values]])).toEqual([
      ["a", [1, 2.5]],
      ["b", [3]],
    ]);
  });

  it("names every cell that is no number", () => {
    expect(() => parseSeriesCsv("a,1,,3\nb,1,x\n", "x.csv")).toThrow(
      /x\.csv:1 column 3: "" is no number[\s\S]*x\.csv:2 column 3: "x" is no number/,
    );
    expect(() => parseSeriesCsv("\n", "x.csv")).toThrow(/holds no series/);
  });
});
