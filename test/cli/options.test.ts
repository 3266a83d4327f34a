import { describe, expect, it } from "vitest";
import { durationFrom } from "../../src/cli/options.ts";

describe("a time with bounds", () => {
  const parse = durationFrom({ least: "1s", most: "1h" });

  it("is taken up to its bounds, and refused beyond with both named", () => {
    expect(["1s", "90s", "1h"].map(parse)).toEqual([1000, 90_000, 3_600_000]);
    for (const text of ["0s", "999ms", "61m", "2d"])
      expect(() => parse(text), text).toThrow("must be from 1s to 1h.");
    expect(() => parse("soon")).toThrow("is not a duration");
  });
});
