import { describe, expect, it } from "vitest";
import { faultOf, parseFaults } from "../../src/testbed/faults.ts";
import { RateLimiter } from "../../src/testbed/rate-limiter.ts";

const ENDPOINTS = ["health", "detect"];

describe("parseFaults", () => {
  it("takes a fault for all endpoints and one for a named endpoint", () => {
    const faults = parseFaults(
      { errors: ["5%", "detect=50%"], slow: ["detect=3s"], rateLimit: "60/min" },
      ENDPOINTS,
    );
    expect(faultOf(faults.errors, "health", true)).toBe(0.05);
    expect(faultOf(faults.errors, "detect", true)).toBe(0.5);
    expect(faultOf(faults.slowMs, "health", true)).toBe(0);
    expect(faultOf(faults.slowMs, "detect", true)).toBe(3000);
    expect(faultOf(faults.errors, "login", false)).toBe(0);
    expect(faults.rateLimitPerMinute).toBe(60);
  });

  it.each([
    [{ errors: ["5"] }, /Write it like 5%/],
    [{ errors: ["120%"] }, /Write it like 5%/],
    [{ slow: ["detect=soon"] }, /Write it like 3s/],
    [{ slow: ["delete=3s"] }, /unknown endpoint "delete".*health, detect/],
    [{ rateLimit: "60" }, /Write it like 60\/min/],
  ])("refuses %j", (given, message) => expect(() => parseFaults(given, ENDPOINTS)).toThrow(message));
});

describe("RateLimiter", () => {
  it("lets the burst pass, then the rate, and tells when to come back", () => {
    const limiter = new RateLimiter(60);
    const burst = Array.from({ length: 10 }, () => limiter.refuse("a", 0));
    expect(burst.filter((wait) => wait === null)).toHaveLength(6);
    expect(limiter.refuse("a", 0)).toBe(1);
    expect(limiter.refuse("b", 0)).toBeNull();
    expect(limiter.refuse("a", 1000)).toBeNull();
  });
});
