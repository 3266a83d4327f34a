import { describe, expect, it } from "vitest";
import { durationFrom, rateOrPlan, wholeFrom } from "../../src/cli/options.ts";

describe("a time with bounds", () => {
  const parse = durationFrom({ least: "1s", most: "1h" });

  it("is taken up to its bounds, and refused beyond with both named", () => {
    expect(["1s", "90s", "1h"].map(parse)).toEqual([1000, 90_000, 3_600_000]);
    for (const text of ["0s", "999ms", "61m", "2d"])
      expect(() => parse(text), text).toThrow("must be from 1s to 1h.");
    expect(() => parse("soon")).toThrow("is not a duration");
  });
});

describe("numbers with bounds", () => {
  it("are taken up to them, and refused beyond with both named", () => {
    const port = wholeFrom(0, 65_535);
    expect(["0", "65535"].map(port)).toEqual([0, 65_535]);
    for (const text of ["65536", "-1", "1.5", "1e3", "", "99999999999999999999"])
      expect(() => port(text), text).toThrow("must be a whole number from 0 to 65,535.");
  });

  it("a rate is a number or a plan's", () => {
    expect(["0.5", "1000000", "from-plan", "from-plan:p90"].map(rateOrPlan)).toEqual([
      0.5,
      1e6,
      "p50",
      "p90",
    ]);
    for (const text of ["0", "-1", "1e300", "NaN", "Infinity", "from-plan:p99"])
      expect(() => rateOrPlan(text), text).toThrow("must be a number above 0, at most 1,000,000.");
  });
});
