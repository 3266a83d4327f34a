import { describe, expect, it } from "vitest";
import { cleanDaily } from "../../src/planner/demand/clean.ts";
import { courseOf } from "../../src/planner/forecast/daily/course.ts";
import { holidayEffects } from "../../src/planner/forecast/daily/holidays.ts";
import { publicHolidays, unknownIn } from "../../src/planner/public-holidays.ts";
import { normal, seededRandom } from "../../src/stats/random.ts";

const DAY_MS = 86_400_000;
const dayOf = (date: string) => Date.parse(date) / DAY_MS;
const datesOf = (holidays: ReadonlyMap<number, string>) =>
  [...holidays.keys()].map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10)).sort();

describe("public holidays", () => {
  const of2026 = (country: string, state?: string) =>
    datesOf(publicHolidays({ country, state }, dayOf("2026-01-01"), dayOf("2026-12-31")));

  it("are the country's, more where the state keeps more", () => {
    const kept = "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26".split(" ");
    expect(of2026("DE")).toEqual(kept.map((date) => `2026-${date}`));
    expect(of2026("DE", "BY")).toEqual(
      [...kept, "01-06", "06-04", "11-01"].sort().map((date) => `2026-${date}`),
    );
  });

  it("are every day of those that last several, and the day off where the date is on a weekend", () => {
    expect(of2026("SA").filter((date) => date.startsWith("2026-05"))).toHaveLength(4);
    // 4 July 2026 is a Saturday.
    expect(of2026("US")).toEqual(expect.arrayContaining(["2026-07-03", "2026-11-26", "2026-12-25"]));
  });

  it("know which holiday it is, whatever its date", () => {
    const holidays = publicHolidays({ country: "DE" }, dayOf("2025-01-01"), dayOf("2026-12-31"));
    expect(holidays.get(dayOf("2025-04-18"))).toBe(holidays.get(dayOf("2026-04-03")));
  });

  it("say what is unknown", () => {
    expect(unknownIn({ country: "DE", state: "BY" })).toBeNull();
    expect(unknownIn({ country: "de" })).toMatchObject({ field: "country" });
    expect(unknownIn({ country: "constructor" })).toMatchObject({ field: "country" });
    expect(unknownIn({ country: "PT", state: "X" })).toMatchObject({
      field: "state",
      remedy: "Leave it out",
    });
  });
});

describe("what a holiday adds", () => {
  const holidays = new Map([
    [1, "a"],
    [2, "b"],
    [3, "c"],
    [9, "a"],
    [10, "new"],
  ]);
  const learnt = (values: number[], noiseVariance: number) =>
    holidayEffects({ days: [0, 1, 2, 3], values }, new Float64Array(4), noiseVariance, holidays);

  it("is drawn towards the others and to nothing, as computed by hand", () => {
    // Noise of a deviation 0.04; differences between holidays (4 × 0.2² + 0.14) / 7; all alike −0.4 × 0.2656.
    const effect = learnt([0, -0.5, -0.4, 0.1], 0.03);
    expect(effect(10)).toBeCloseTo(-0.10633, 5);
    expect(effect(9)).toBeCloseTo(-0.30995, 4);
    expect(effect(8)).toBe(0);
  });

  it("is believed where days are calm and hardly where they are wild", () => {
    expect(learnt([0, -0.5, -0.4, 0.1], 1e-6)(9)).toBeCloseTo(-0.5, 3);
    expect(Math.abs(learnt([0, -0.5, -0.4, 0.1], 1)(9))).toBeLessThan(0.03);
    expect(holidayEffects({ days: [0], values: [1] }, new Float64Array(1), 0.01, holidays)(10)).toBe(0);
  });
});

describe("a shop that is closed on holidays", () => {
  const [first, length] = [dayOf("2025-10-20"), 400];
  const holidays = publicHolidays({ country: "DE" }, first, first + 600);
  const random = seededRandom(11);
  const at = (day: number) => (holidays.has(day) ? 40 : 100) * ([0, 3].includes(day % 7) ? 0.8 : 1);
  const shop = (until: number) => {
    const days = Array.from({ length: until - first }, (_, index) => first + index);
    return { days, values: days.map((day) => at(day) * Math.exp(0.03 * normal(random))) };
  };

  it("has incidents at Christmas without a calendar, and none with it", () => {
    expect(cleanDaily(shop(first + length)).incidents.length).toBeGreaterThan(5);
    const { series, incidents } = cleanDaily(shop(first + length), holidays);
    expect(incidents).toEqual([]);
    expect(series.days).toHaveLength(length);
  });

  it("is expected closed on the next ones, of which it was seen once", () => {
    const { spread } = courseOf(cleanDaily(shop(first + length), holidays).series, 90, { holidays });
    const step = (date: string) => dayOf(date) - first - length;
    for (const date of ["2026-12-25", "2026-12-26", "2027-01-01"])
      expect(Math.abs(spread.at(0.5, step(date)) / at(dayOf(date)) - 1)).toBeLessThan(0.1);
    expect(spread.at(0.5, step("2026-12-22"))).toBeGreaterThan(75);
  });

  it("has the same level, and the same days ahead, when the history ends on a holiday", () => {
    const ends = (date: string) => courseOf(shop(dayOf(date) + 1), 30, { holidays });
    expect(ends("2026-05-14").outlook.firstDay).toBe(dayOf("2026-05-15"));
    const [before, on] = [ends("2026-05-13").levels[5] as number, ends("2026-05-14").levels[5] as number];
    expect(Math.abs(on / before - 1)).toBeLessThan(0.03);
  });
});
