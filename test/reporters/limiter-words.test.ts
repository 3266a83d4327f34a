import { expect, it } from "vitest";
import type { Capacity } from "../../src/model/capacity.ts";
import { capacitySentence } from "../../src/reporters/capacity/words.ts";

const behind = (low: number): Capacity => ({
  schema: "headroom/capacity@1",
  system: "shop",
  measuredAt: "2026-01-01T12:00:00.000Z",
  engine: null,
  instances: 1,
  maxRatePerSecond: { low, mid: low, high: low },
  settled: false,
  sla: ["p95"],
  limits: [],
  limitedBy: "rate-limiter",
  limiter: { passesPerSecond: 101.7 },
  usl: { refused: "too few steps" },
  steps: [],
});

it("a capacity that ends at a rate limiter says so, and what to do", () => {
  const limiter =
    "a rate limiter answers from about 100/s on: exempt the generator's address from the limit, or test behind it";
  expect(capacitySentence(behind(64))).toBe(
    `at least 64 requests/s hold the SLA (p95); the limit was not found (${limiter})`,
  );
  expect(capacitySentence(behind(0))).toBe(`no rate that was tried held the SLA (p95): ${limiter}`);
});
