import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { backtest, type HeldOut } from "../../src/planner/backtest.ts";
import { parseSeriesCsv } from "../../src/planner/series-csv.ts";

/** The competition's hourly and weekly series, which are not part of the repository. */
const M4 = "../shared/data/m4";
describe.skipIf(!existsSync(M4))("the M4 competition's series", () => {
  const load = (frequency: string, horizon: number): HeldOut[] => {
    const read = (part: string) =>
      parseSeriesCsv(readFileSync(`${M4}/${frequency}-${part}.csv`, "utf8"), part);
    const actual = new Map(read("test").map(({ id, values }) => [id, values.slice(0, horizon)]));
    return read("train").map(({ id, values }) => ({
      id,
      history: values,
      actual: actual.get(id) as Float64Array,
    }));
  };

  it("are forecast better than Naive2 by the margins aimed at, with intervals that hold what they say", () => {
    const hourly = backtest(load("Hourly", 48), [24, 168], 48).result.summary;
    expect(hourly.owa).toBeLessThanOrEqual(0.5);
    const weekly = backtest(load("Weekly", 13), [], 13).result.summary;
    expect(weekly.owa).toBeLessThanOrEqual(0.9);
    const points = [hourly.forecast * 48, weekly.forecast * 13] as const;
    const pooled =
      ((hourly.coverage95 as number) * points[0] + (weekly.coverage95 as number) * points[1]) /
      (points[0] + points[1]);
    expect(pooled).toBeGreaterThan(0.93);
    expect(pooled).toBeLessThan(0.97);
  });
});
