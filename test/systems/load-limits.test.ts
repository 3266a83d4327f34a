import { describe, expect, it } from "vitest";
import type { Journey } from "../../scenarios/lib/journey.ts";
import { planLoad } from "../../scenarios/lib/load.ts";
import { exceededLimits, spendOf } from "../../src/systems/load-limits.ts";
import { loadJourney, loadShape, planFor } from "../../src/systems/load-scenario.ts";

const start = { endpoint: "start", method: "POST", path: "/tasks", share: 0.25 } as const;
const journey: Journey = {
  title: "tasks",
  prepare: [start],
  preparations: 4,
  steps: [
    { endpoint: "list", method: "GET", path: "/tasks" },
    { ...start, pauseSeconds: 8 },
  ],
  spends: { usdPerRequest: { start: 2 }, unaskedUsd: 100, why: "two dollars a task" },
  limits: [
    { perMinute: 600, why: "of every request" },
    { endpoint: "start", perMinute: 100, why: "of tasks" },
  ],
};
const open = (rate: number) =>
  planLoad(
    { model: "open", start: rate, stages: [{ duration: "100s", target: rate }] },
    { requestsPerIteration: 1.25, pauseSeconds: 2 },
  );

describe("what a load costs", () => {
  it("is what it and its setup ask for, at the price of each", () => {
    // 10 requests/s over 1.25 per iteration are 8 iterations/s: 800 in 100 s, a quarter of them with a task.
    expect(spendOf(journey, open(10))).toMatchObject({
      usd: (200 + 4) * 2,
      requests: [{ endpoint: "start", count: 204, usdEach: 2 }],
    });
  });

  it("of users is at most as many iterations as their pauses allow", () => {
    const users = planLoad(
      { model: "closed", start: 20, stages: [{ duration: "100s", target: 20 }] },
      { requestsPerIteration: 1.25, pauseSeconds: 2 },
    );
    // 20 users, 100 s, 2 s of pause an iteration: 1,000.
    expect(spendOf(journey, users)?.requests[0]?.count).toBe(250 + 4);
  });

  it("is nothing said where answers cost nothing", () => {
    const { spends: _, ...free } = journey;
    expect(spendOf(free, open(10))).toBeNull();
  });

  it("exceeds the limits on one client that it exceeds", () => {
    expect(exceededLimits(journey, open(8))).toEqual([]);
    // 10 requests/s are 600/min, no more than the limit; 2 tasks/s are 120/min.
    expect(exceededLimits(journey, open(10))).toEqual([
      { endpoint: "start", perMinute: 120, limit: 100, why: "of tasks" },
    ]);
    expect(exceededLimits(journey, open(10.1)).map(({ limit }) => limit)).toEqual([600, 100]);
  });

  it("of a shipped system lets a smoke run pass unasked, and no soak", async () => {
    const shipped = await loadJourney(".", "ralph");
    const spend = async (shape: string) => {
      const load = await loadShape(".", "ralph", shape);
      const { usd = 0, unaskedUsd = 0 } = spendOf(shipped, planFor(shipped, load, {}, shape)) ?? {};
      return { usd, isUnasked: usd <= unaskedUsd };
    };
    expect((await spend("smoke")).isUnasked).toBe(true);
    const soak = await spend("soak");
    expect(soak.isUnasked).toBe(false);
    expect(soak.usd).toBeGreaterThan(1000);
  });
});
