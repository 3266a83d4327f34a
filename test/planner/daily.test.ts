import { describe, expect, it } from "vitest";
import { daily } from "../../src/planner/backtest.ts";
import { courseOf } from "../../src/planner/forecast/daily/course.ts";
import { courseOfStock } from "../../src/planner/forecast/daily/stock.ts";
import { forecastDaily } from "../../src/planner/forecast/daily.ts";
import { theilSenLine } from "../../src/planner/forecast/methods/trend-line.ts";
import { normal, seededRandom } from "../../src/stats/random.ts";

const days = (length: number) => Array.from({ length }, (_, day) => day);
const WEEK = [1, 1.02, 1.01, 1, 0.97, 0.7, 0.65];
const noisy = (seed: number, noise: number, length: number, level: (day: number) => number) => {
  const random = seededRandom(seed);
  return days(length).map((day) => level(day) * (WEEK[day % 7] as number) * Math.exp(noise * normal(random)));
};
const ofWeekday = (value: number, day: number) => value / (WEEK[day % 7] as number);

describe("the level and its trend", () => {
  it("is flat with the weekdays for what is flat, to a few hundredths", () => {
    const course = courseOf({ days: days(90), values: noisy(1, 0.03, 90, () => 100) }, 90);
    for (const step of [0, 30, 89]) {
      const value = ofWeekday(course.spread.at(0.5, step), 90 + step) / 100;
      expect(Math.abs(value - 1)).toBeLessThan(0.04);
    }
  });

  it("believes little of three months' growth and most of a year's", () => {
    const growing = (length: number) => noisy(2, 0.03, length, (day) => 100 * 1.08 ** (day / 30));
    const growth = (length: number) =>
      forecastDaily({ days: days(length), values: growing(length) }, 90, length)?.growthPer30Days as number;
    expect(growth(90)).toBeLessThan(0.03);
    expect(growth(400)).toBeGreaterThan(0.04);
    expect(growth(400)).toBeLessThan(0.09);
  });

  it("carries on what is stored, because what is added is a flow", () => {
    const values = days(90).map((day) => 60 + 0.1 * day);
    const { spread } = courseOfStock({ days: days(90), values }, 90);
    expect(spread.at(0.5, 89) / 77.9).toBeCloseTo(1, 1);
    expect(spread.at(0.1, 89)).toBeGreaterThan(66);
    expect(spread.at(0.9, 89)).toBeLessThan(90);
  });

  it("takes last year's shape from thirteen months on", () => {
    const season = (day: number) => 100 * (1 + 0.3 * Math.sin((2 * Math.PI * day) / 364));
    const error = (length: number) => {
      const first = 455;
      const values = noisy(3, 0.03, first + length, season).slice(first - 455);
      const from = values.length - length;
      const past = { days: days(values.length).slice(from), values: values.slice(from) };
      const { spread } = courseOf(past, 90);
      return Math.max(
        ...[20, 45, 70, 89].map((step) => {
          const day = values.length + step;
          return Math.abs(ofWeekday(spread.at(0.5, step), day) / season(day) - 1);
        }),
      );
    };
    expect(error(400)).toBeLessThan(0.5 * error(200));
  });
});

describe("the paths", () => {
  const values = noisy(4, 0.05, 120, (day) => 100 + 10 * Math.sin(day / 20));
  const course = courseOf({ days: days(120), values }, 90);

  it("are the same every time, and their median is the forecast", () => {
    expect(courseOf({ days: days(120), values }, 90).paths.values).toEqual(course.paths.values);
    const { count, days: ahead, values: all } = course.paths;
    for (const step of [0, 45, 89]) {
      const below = days(count).filter(
        (path) => (all[path * ahead + step] as number) < course.spread.at(0.5, step),
      );
      expect(below.length / count).toBeCloseTo(0.5, 1);
    }
  });

  it("spread as time passes and never go below zero", () => {
    const width = (step: number) =>
      ofWeekday(course.spread.at(0.9, step) - course.spread.at(0.1, step), 120 + step);
    expect(width(89)).toBeGreaterThan(1.3 * width(0));
    const dying = courseOf({ days: days(90), values: days(90).map((day) => Math.max(0, 50 - day)) }, 90);
    for (const step of [0, 30, 89]) expect(dying.spread.at(0.1, step)).toBeGreaterThanOrEqual(0);
  });

  it("are fewer for a horizon of years, never hundreds of megabytes", () => {
    const { count, days: ahead } = courseOf({ days: days(120), values }, 1000).paths;
    expect(count * ahead).toBeLessThanOrEqual(200_000);
  });
});

describe("forecastDaily", () => {
  it("says nothing with less than five weeks", () => {
    expect(forecastDaily({ days: days(34), values: days(34) }, 30, 34)).toBeNull();
  });

  it("speaks of every history of five weeks or more, however its missing days lie, tried at least once", () => {
    for (const horizon of [7, 90])
      for (const length of [35, 38, 45, 60])
        for (const missing of [[], [2, 3, 4], [length - 3], days(length).filter((day) => day % 5 === 1)]) {
          const kept = days(length).filter((day) => !missing.includes(day));
          const values = kept.map((day) => (100 + day) * (WEEK[day % 7] as number));
          const forecast = forecastDaily({ days: kept, values }, horizon, length);
          const said = `${kept.length} of ${length} days, ${horizon} ahead`;
          if (kept.length < 35) expect(forecast, said).toBeNull();
          else expect(forecast?.backtest.origins, said).toBeGreaterThan(0);
        }
  });

  it("does without the days that are missing", () => {
    const kept = days(90).filter((day) => day % 11 !== 3);
    const values = kept.map((day) => 100 * (WEEK[day % 7] as number));
    for (const last of [89, 86]) {
      const seen = kept.filter((day) => day <= last);
      const forecast = forecastDaily({ days: seen, values: values.slice(0, seen.length) }, 30, 90);
      expect(ofWeekday(forecast?.spread.at(0.5, 29) as number, 119) / 100).toBeCloseTo(1, 2);
    }
  });

  it("is tried on the days held out, an incident on the last day before them or not", () => {
    const values = days(90).map((day) => 100 * (WEEK[day % 7] as number));
    for (const history of [values, values.with(89, 1000)]) {
      const forecast = daily(Float64Array.from(history), 28, []);
      if ("refused" in forecast) throw new Error(forecast.refused);
      for (const step of [0, 1, 27])
        expect(ofWeekday(forecast.spread.at(0.5, step), 90 + step) / 100).toBeCloseTo(1, 2);
    }
  });
});

describe("the Theil–Sen line in the race", () => {
  it("carries a line and its season on exactly, and wants three seasons", () => {
    const history = Float64Array.from({ length: 40 }, (_, at) => 10 + 2 * at + ((at % 4) - 1.5));
    const path = theilSenLine(history, 5, { seasons: [4] });
    path?.forEach((value, step) => {
      expect(value).toBeCloseTo(10 + 2 * (40 + step) + (((40 + step) % 4) - 1.5), 6);
    });
    expect(theilSenLine(history.slice(0, 11), 5, { seasons: [4] })).toBeNull();
  });
});
