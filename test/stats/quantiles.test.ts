import fc from "fast-check";
import { expect, it } from "vitest";
import { medianOf, quantileOfSorted } from "../../src/stats/quantiles.ts";

it("the median of a part is that of the part sorted, many equal values included", () => {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), fc.nat(20), (values, from) => {
      const given = [...values];
      const sorted = Float64Array.from(values.slice(from)).sort();
      expect(medianOf(values, from) + 0).toBe(quantileOfSorted(sorted, 0.5) + 0);
      expect(values).toEqual(given);
    }),
  );
  expect(medianOf([])).toBeNaN();
  expect(medianOf([5, 1, 4, 2], 1)).toBe(2);
});
