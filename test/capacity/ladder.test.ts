import { describe, expect, it } from "vitest";
import { holdFor } from "../../src/capacity/ladder.ts";
import { client } from "../canonical.ts";

describe("a ladder", () => {
  it("holds a rate long enough for the samples its percentiles need", () => {
    const hold = holdFor(
      { title: "x", steps: [{ endpoint: "a", method: "GET", path: "/" }] },
      [client({ stat: { kind: "quantile", q: 0.99 } })],
      10,
    );
    expect(hold(1000)).toBe(10);
    expect(hold(20)).toBeCloseTo((1.3 * 368) / 20, 6);
    expect(hold(1)).toBe(60);
  });
});
