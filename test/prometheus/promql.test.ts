import { describe, expect, it } from "vitest";
import { fillWindow, findPromqlError } from "../../src/prometheus/promql.ts";

describe("PromQL", () => {
  it.each([
    "up",
    "sum(rate(a_total[$window])) / sum(rate(b_total[5m]))",
    "histogram_quantile(0.95, sum by (le) (rate(x_bucket[1m])))",
    'a{b=~"5.."} offset 5m',
  ])("%s is understood", (query) => expect(findPromqlError(query)).toBeNull());

  it.each(["sum(rate(a[5m])", "rate(a[5x])", "a{b=5}", "sum by le (a)", "a +"])(
    "%s is not, and the place is named",
    (query) => expect(findPromqlError(query)).toMatch(/at character \d+/),
  );

  it("fills in the length of the run in whole seconds", () =>
    expect(fillWindow("rate(a[$window])", 90_400)).toBe("rate(a[91s])"));
});
