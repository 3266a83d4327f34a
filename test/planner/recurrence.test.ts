import { expect, it } from "vitest";
import { withRecurrence } from "../../src/planner/forecast/daily/recurrence.ts";

const flat = (count: number, days: number) => ({
  count,
  days,
  values: new Float64Array(count * days).fill(10),
});

it("draws what came again at the rate it came and with its size", () => {
  const episodes = [
    { days: 1, change: 1 },
    { days: 1, change: 2 },
  ];
  const { values } = withRecurrence(flat(1000, 90), episodes, 100);
  const days = { usual: 0, twice: 0, thrice: 0 };
  for (const value of values) days[value === 10 ? "usual" : value === 20 ? "twice" : "thrice"]++;
  // 2% of 90,000 days, half of them each; a path's number is geometric, of mean 0.9: four standard deviations.
  expect(Math.abs(days.twice - 900)).toBeLessThan(170);
  expect(Math.abs(days.thrice - 900)).toBeLessThan(170);
  const hit = Array.from({ length: 1000 }, (_, path) =>
    Math.max(...values.subarray(path * 90, (path + 1) * 90)),
  ).filter((highest) => highest > 10).length;
  // 1.8 are expected in 90 days at a rate that is exponentially distributed: 1.8 / (1 + 1.8).
  expect(Math.abs(hit / 1000 - 0.643)).toBeLessThan(0.06);
});

it("lasts as long as it did, and does not pile up", () => {
  const { values } = withRecurrence(flat(200, 60), [{ days: 3, change: 0.5 }], 6);
  expect(Math.max(...values)).toBe(15);
  const starts = [...values.keys()].filter(
    (at) => at % 60 > 0 && at % 60 < 58 && values[at] === 15 && values[at - 1] === 10,
  );
  expect(starts.length).toBeGreaterThan(100);
  for (const at of starts) expect([values[at + 1], values[at + 2]]).toEqual([15, 15]);
});

it("comes to one signal in the path and on the day on which it comes to another", () => {
  const one = withRecurrence(flat(50, 90), [{ days: 1, change: 1 }], 90);
  const other = withRecurrence(flat(50, 90), [{ days: 1, change: 3 }], 90);
  expect([...one.values.keys()].filter((at) => one.values[at] !== 10)).toEqual(
    [...other.values.keys()].filter((at) => other.values[at] !== 10),
  );
});

it("is nothing where only less than usual came", () => {
  const paths = flat(10, 10);
  expect(withRecurrence(paths, [{ days: 2, change: -1 }], 90)).toEqual(paths);
});
