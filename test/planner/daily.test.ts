import { describe, expect, it } from "vitest";
import { daily } from "../../src/planner/backtest.ts";
import { forecastDaily } from "../../src/planner/forecast/daily.ts";
import { theilSenLine } from "../../src/planner/forecast/methods/trend-line.ts";
import { fitTrend } from "../../src/planner/forecast/trend.ts";
import { normal, seededRandom } from "../../src/stats/random.ts";

const days = (length: number) => Array.from({ length }, (_, day) => day);
const WEEK = [1, 1.02, 1.01, 1, 0.97, 0.7, 0.65];

describe("a trend with a weekly rhythm", () => {
  it("carries straight and relative growth on, told apart where the history can", () => {
    const straight = days(120).map((day) => (100 + day) * (WEEK[day % 7] as number));
    const relative = days(120).map((day) => 100 * 1.01 ** day * (WEEK[day % 7] as number));
    const [line, growth] = [straight, relative].map((values) => fitTrend({ days: days(120), values }));
    // 60 days on, day 179 is the fifth of its week.
    expect((line?.at(0.5, 59) as number) / (279 * (WEEK[179 % 7] as number))).toBeCloseTo(1, 2);
    expect((growth?.at(0.5, 59) as number) / (100 * 1.01 ** 179 * (WEEK[179 % 7] as number))).toBeCloseTo(
      1,
      2,
    );
  });

  it("widens with the horizon and with autocorrelation, and never goes below zero", () => {
    const noisy = (carryOver: number) => {
      const random = seededRandom(3);
      let error = 0;
      return days(90).map((day) => {
        error = carryOver * error + Math.sqrt(1 - carryOver ** 2) * normal(random);
        return 100 * Math.exp(0.05 * error) * (WEEK[day % 7] as number);
      });
    };
    const width = (values: number[], step: number) => {
      const spread = fitTrend({ days: days(90), values });
      return (
        ((spread?.at(0.9, step) as number) - (spread?.at(0.1, step) as number)) /
        (WEEK[(90 + step) % 7] as number)
      );
    };
    expect(width(noisy(0), 84)).toBeGreaterThan(1.05 * width(noisy(0), 0));
    expect(width(noisy(0.8), 84)).toBeGreaterThan(1.15 * width(noisy(0), 84));
    const dying = fitTrend({ days: days(90), values: days(90).map((day) => Math.max(0, 50 - day)) });
    for (const step of [0, 30, 89]) expect(dying?.at(0.1, step)).toBeGreaterThanOrEqual(0);
  });

  it("is nothing with less than four weeks", () => {
    expect(fitTrend({ days: days(27), values: days(27) })).toBeNull();
    expect(forecastDaily({ days: days(34), values: days(34) }, 30, 34)).toBeNull();
  });
});

describe("forecastDaily", () => {
  it("lets all methods race where the history holds three horizons, and takes them where a line misleads", () => {
    const random = seededRandom(11);
    let level = 1000;
    const values = days(200).map((day) => {
      level *= Math.exp(0.05 * normal(random));
      return level * (WEEK[day % 7] as number);
    });
    const short = forecastDaily({ days: days(200), values }, 90, 200);
    const long = forecastDaily({ days: days(200), values }, 28, 200);
    expect(short?.method).toMatch(/trend with weekly rhythm$/);
    expect(long?.method).toBe("median of the methods best over rolling origins");
    expect(long?.backtest).toMatchObject({ horizonDays: 28, origins: 4 });
  });

  it("speaks of every history of five weeks or more, however its missing days lie, tried at least once", () => {
    for (const horizon of [7, 30, 90])
      for (const length of [35, 36, 38, 42, 45, 60])
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
    const values = kept.map((day) => (100 + day) * (WEEK[day % 7] as number));
    for (const last of [89, 86]) {
      const seen = kept.filter((day) => day <= last);
      const forecast = forecastDaily({ days: seen, values: values.slice(0, seen.length) }, 30, 90);
      expect((forecast?.spread.at(0.5, 29) as number) / (219 * (WEEK[119 % 7] as number))).toBeCloseTo(1, 2);
    }
  });

  it("is tried on the days held out, an incident on the last day before them or not", () => {
    const values = days(90).map((day) => (100 + day) * (WEEK[day % 7] as number));
    for (const history of [values, values.with(89, 1000)]) {
      const forecast = daily(Float64Array.from(history), 28, []);
      if ("refused" in forecast) throw new Error(forecast.refused);
      for (const step of [0, 1, 27])
        expect(
          forecast.spread.at(0.5, step) / ((190 + step) * (WEEK[(90 + step) % 7] as number)),
        ).toBeCloseTo(1, 2);
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
