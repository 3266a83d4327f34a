import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cleanDaily } from "../../../src/planner/demand/clean.ts";
import { courseOf } from "../../../src/planner/forecast/daily/course.ts";
import { courseOfStock } from "../../../src/planner/forecast/daily/stock.ts";
import { publicHolidays } from "../../../src/planner/public-holidays.ts";
import { medianOf } from "../../../src/stats/quantiles.ts";

const DAY_MS = 86_400_000;
const rows = readFileSync("test/fixtures/quarters/bike-rides-daily.csv", "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(",") as [string, string])
  .map(([time, value]) => ({ day: Date.parse(time) / DAY_MS, value: Number(value) }));

const holidays = publicHolidays(
  { country: "US", state: "DC" },
  rows[0]?.day as number,
  rows.at(-1)?.day as number,
);

/** Mean errors of p50 and of the weekdays' medians over four weeks, and the share inside p10 to p90, over origins. */
function scoreFrom(history: number) {
  const results = [400, 460, 520, 580, 640, 700].map((origin) => {
    const past = rows.slice(origin - history, origin);
    const { series } = cleanDaily({
      days: past.map(({ day }) => day),
      values: past.map(({ value }) => value),
    });
    const skip = (past.at(-1)?.day as number) - (series.days.at(-1) as number);
    const { spread } = courseOf(series, 90, { skip, most: 200 });
    const came = rows.slice(origin, origin + 90).map(({ value }) => value);
    const flat = came.map((_, at) =>
      medianOf([28, 21, 14, 7].map((back) => past.at(-back + (at % 7))?.value ?? 0)),
    );
    const mean = (of: (value: number, at: number) => number) =>
      came.reduce((sum, value, at) => sum + of(value, at), 0) / came.length;
    return {
      error: mean((value, at) => Math.abs(value - spread.at(0.5, at))),
      flat: mean((value, at) => Math.abs(value - (flat[at] as number))),
      held: mean((value, at) => Number(value >= spread.at(0.1, at) && value <= spread.at(0.9, at))),
    };
  });
  const sum = (name: "error" | "flat" | "held") => results.reduce((total, result) => total + result[name], 0);
  return { ofFlat: sum("error") / sum("flat"), held: sum("held") / results.length };
}

it("is no worse than a flat line from a quarter of bike rides, and much better from a year", () => {
  const [quarter, year] = [scoreFrom(90), scoreFrom(400)];
  expect(quarter.ofFlat).toBeLessThan(1.03);
  expect(year.ofFlat).toBeLessThan(0.8);
  for (const { held } of [quarter, year]) {
    expect(held).toBeGreaterThan(0.65);
    expect(held).toBeLessThan(0.95);
  }
});

it("carries on what adds up as it was added: the same rides, summed", () => {
  const summed = [...rows];
  for (let index = 1; index < rows.length; index++)
    summed[index] = {
      day: rows[index]?.day as number,
      value: (summed[index - 1]?.value as number) + (rows[index]?.value as number),
    };
  const results = [400, 460, 520, 580, 640, 700].map((origin) => {
    const past = summed.slice(origin - 90, origin);
    const { spread } = courseOfStock(
      { days: past.map(({ day }) => day), values: past.map(({ value }) => value) },
      90,
    );
    const came = summed.slice(origin, origin + 90).map(({ value }) => value);
    const now = past.at(-1)?.value as number;
    return {
      grown: (spread.at(0.5, 89) - now) / ((came.at(-1) as number) - now),
      held:
        came.filter((value, at) => value >= spread.at(0.1, at) && value <= spread.at(0.9, at)).length / 90,
    };
  });
  expect(medianOf(results.map(({ grown }) => grown))).toBeGreaterThan(0.75);
  expect(medianOf(results.map(({ grown }) => grown))).toBeLessThan(1.33);
  const held = results.reduce((sum, result) => sum + result.held, 0) / results.length;
  expect(held).toBeGreaterThan(0.6);
});

it("misses holidays by less where it knows them, once it has seen each of them", () => {
  const missedBy = (known: typeof holidays | undefined) =>
    [400, 460, 520, 580, 640, 700].reduce((sum, origin) => {
      const past = rows.slice(origin - 400, origin);
      const seen = { days: past.map(({ day }) => day), values: past.map(({ value }) => value) };
      const { series } = cleanDaily(seen, known);
      const skip = (past.at(-1)?.day as number) - (series.days.at(-1) as number);
      const { spread } = courseOf(series, 90, { skip, most: 200, ...(known && { holidays: known }) });
      return rows
        .slice(origin, origin + 90)
        .reduce(
          (total, { day, value }, at) =>
            total + (holidays.has(day) ? Math.abs(value - spread.at(0.5, at)) : 0),
          sum,
        );
    }, 0);
  expect(missedBy(holidays) / missedBy(undefined)).toBeLessThan(0.85);
});
