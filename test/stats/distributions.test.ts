import { describe, expect, it } from "vitest";
import { serversFor, waitingProbability } from "../../src/stats/erlang-c.ts";
import { normalQuantile, studentQuantile } from "../../src/stats/student-t.ts";

describe("the normal", () => {
  it.each([
    // R: qnorm(q)
    [0.75, 0.67448975],
    [0.9, 1.28155157],
    [0.975, 1.95996398],
    [0.999, 3.09023231],
  ])("quantile %d is R's to six digits, on both sides", (q, expected) => {
    expect(Math.abs(normalQuantile(q) - expected)).toBeLessThan(2e-6);
    expect(Math.abs(normalQuantile(1 - q) + expected)).toBeLessThan(2e-6);
  });
});

describe("Student's t", () => {
  it.each([
    // R: qt(q, df)
    [0.9, 10, 1.372184],
    [0.975, 82, 1.989319],
    [0.975, 20, 2.085963],
    [0.1, 30, -1.310415],
    [0.95, 5, 2.015048],
    [0.75, 5, 0.726687],
    [0.975, 8, 2.306004],
    [0.99, 10, 2.763769],
  ])("quantile %d with %d degrees of freedom is R's", (q, degrees, expected) => {
    expect(Math.abs(studentQuantile(q, degrees) / expected - 1)).toBeLessThan(0.0005);
  });

  it.each([
    [0.9, 3, 1.637744],
    [0.975, 3, 3.182446],
    [0.975, 4, 2.776445],
  ])("quantile %d with only %d is R's to a fifth of a percent", (q, degrees, expected) => {
    expect(Math.abs(studentQuantile(q, degrees) / expected - 1)).toBeLessThan(0.002);
  });

  it("is zero in the middle", () => expect(studentQuantile(0.5, 9)).toBeCloseTo(0, 6));
});

describe("Erlang C", () => {
  it.each([
    [10, 8, 0.40918],
    [5, 4, 0.554113],
    [20, 16, 0.256078],
    [100, 90, 0.21694],
  ])("%d servers under %d Erlang", (servers, load, expected) => {
    expect(waitingProbability(servers, load)).toBeCloseTo(expected, 5);
  });

  it.each([4, 4.5, 10, 1000])("everybody waits where %d Erlang meet four servers", (load) => {
    expect(waitingProbability(4, load)).toBe(1);
  });

  it("gives the fewest servers that keep the promise", () => {
    const servers = serversFor(8, 0.1);
    expect(waitingProbability(servers, 8)).toBeLessThanOrEqual(0.1);
    expect(waitingProbability(servers - 1, 8)).toBeGreaterThan(0.1);
    expect(serversFor(0, 0.1)).toBe(1);
  });
});
