import { describe, expect, it } from "vitest";
import { type Ask, findCapacity, type SearchOptions } from "../../src/capacity/search.ts";
import type { StepReason, StepResult } from "../../src/capacity/step.ts";
import { seededRandom } from "../../src/stats/random.ts";

const OPTIONS: SearchOptions = {
  start: 10,
  most: 10_000,
  factor: 1.6,
  precision: 0.05,
  secondsLeft: () => 600,
};

const step = (offered: number, holds: boolean | null, reason: StepReason | null = null): StepResult => ({
  offered,
  achieved: offered,
  sustained: offered,
  meanMs: 10,
  p95Ms: 20,
  errorRatio: 0,
  concurrency: 1,
  valid: holds !== null,
  holds,
  reason: reason ?? (holds === false ? "latency" : null),
  brokenBy: reason ?? (holds === false ? "latency" : null),
  atLeast: holds === true ? offered : null,
  atMost: holds === false ? offered : null,
  watched: 1000,
});

/** A service that holds up to its capacity, surely below and surely not above a band of doubt. */
function service(capacity: number, doubt = 0, seed = 1) {
  const random = seededRandom(seed);
  const offered: number[] = [];
  return {
    offered,
    probe: async ({ rates }: Ask) => {
      const results: StepResult[] = [];
      for (const rate of rates) {
        offered.push(rate);
        const away = (rate / capacity - 1) / (doubt || 1e-9);
        const holds = away < -1 ? true : away > 1 ? false : random() > (away + 1) / 2;
        results.push(step(rate, holds));
        if (rate > 3 * capacity) break; // it collapses: the rest of the ladder is not climbed
      }
      return results;
    },
  };
}

describe("findCapacity", () => {
  it.each([[0.9], [9.9], [37], [130], [1234], [9000]])(
    "finds %d requests/s within 5%% either side",
    async (capacity) => {
      const { probe } = service(capacity);
      const found = await findCapacity(probe, OPTIONS);
      expect(found.isSettled).toBe(true);
      expect(found.low).toBeLessThanOrEqual(capacity);
      expect(found.high).toBeGreaterThanOrEqual(capacity);
      expect((found.high as number) / found.low).toBeLessThanOrEqual(1.05 / 0.95 + 1e-9);
      expect(found.limitedBy).toBe("latency");
    },
  );

  it("holds the truth between its ends nine times in ten when the service itself wavers by 3%", async () => {
    let inside = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const found = await findCapacity(service(130, 0.03, seed).probe, OPTIONS);
      if (found.low <= 130 && (found.high ?? 0) >= 130) inside++;
    }
    expect(inside).toBeGreaterThanOrEqual(90);
  });

  it("never offers more than it may, and says that the limit was not reached", async () => {
    const { probe, offered } = service(5000);
    const found = await findCapacity(probe, { ...OPTIONS, most: 400 });
    expect(Math.max(...offered)).toBeLessThanOrEqual(400);
    expect(found).toMatchObject({ low: 400, high: null, limitedBy: "not reached", isSettled: false });
  });

  it("never takes the generator's limit for the target's", async () => {
    const probe = async ({ rates }: Ask) =>
      rates.map((rate) => (rate <= 300 ? step(rate, true) : step(rate, null, "generator")));
    const found = await findCapacity(probe, OPTIONS);
    expect(found).toMatchObject({
      high: null,
      isSettled: false,
      limitedBy: "generator",
    });
    expect(found.low).toBeGreaterThan(150);
    expect(found.low).toBeLessThanOrEqual(300);
  });

  it("never climbs above a rate that broke, and goes below the first where that says nothing", async () => {
    const asked: Ask[] = [];
    // Of the first rung nothing is known for want of samples; the second breaks.
    const probe = async (ask: Ask) => {
      asked.push(ask);
      const results = ask.rates.map((rate) =>
        rate > 130 ? step(rate, false) : rate > 110 ? step(rate, null, "samples") : step(rate, true),
      );
      const broken = results.findIndex(({ holds }) => holds === false);
      return broken < 0 ? results : results.slice(0, broken + 1);
    };
    const found = await findCapacity(probe, { ...OPTIONS, start: 120 });
    const [ladder, ...after] = asked;
    expect(ladder?.rates[0]).toBe(120);
    expect(Math.max(...after.flatMap(({ rates }) => rates))).toBeLessThan(192);
    // The first is held longer, and longer again, before anything below is tried.
    expect(after.slice(0, 2).map(({ rates }) => rates)).toEqual([[120], [120]]);
    expect(after[1]?.doubt).toBeLessThan(after[0]?.doubt as number);
    expect(found.low).toBeGreaterThan(50);
    expect(found.high).toBeLessThanOrEqual(192);
  });

  it("of steps that contradict each other the one that watched more counts", async () => {
    const results: StepResult[] = [
      step(10, true),
      { ...step(50, false), watched: 200 },
      { ...step(80, true), watched: 4000 },
      { ...step(100, false), watched: 3000 },
    ];
    const probe = async ({ secondsLeft }: Ask) => (secondsLeft > 500 ? results.splice(0) : []);
    expect(await findCapacity(probe, OPTIONS)).toMatchObject({ low: 80, high: 100, isSettled: false });
  });

  it("says one side alone where the other is not known", async () => {
    const only = (holds: boolean) => {
      const results = [step(10, holds)];
      return findCapacity(async () => results.splice(0), OPTIONS);
    };
    expect(await only(true)).toMatchObject({ low: 10, high: null, isSettled: false });
    expect(await only(false)).toMatchObject({ low: 0, high: 10, isSettled: false, limitedBy: "latency" });
    expect(await findCapacity(async () => [], OPTIONS)).toMatchObject({
      low: 0,
      high: null,
      isSettled: false,
    });
  });

  it("gives up below half a request per second", async () => {
    const found = await findCapacity(service(0.001).probe, OPTIONS);
    expect(found).toMatchObject({ low: 0, isSettled: false, limitedBy: "latency" });
  });

  it("ends when its time is over, with what it has", async () => {
    let probes = 0;
    const { probe } = service(130);
    const found = await findCapacity(async (ask) => (++probes > 2 ? [] : await probe(ask)), OPTIONS);
    expect(probes).toBe(3);
    expect(found.isSettled).toBe(false);
    expect(found.low).toBeGreaterThan(0);
  });

  it("ends at a rate limiter: what held below it is the least, and nothing is settled", async () => {
    const limited = (passes: number, burstUpTo = passes) => {
      const offered: number[] = [];
      const probe = async ({ rates }: Ask) =>
        rates.map((rate) => {
          offered.push(rate);
          return rate <= burstUpTo
            ? step(rate, true)
            : { ...step(rate, null, "rate-limiter"), limiterPasses: passes };
        });
      return { offered, found: findCapacity(probe, OPTIONS) };
    };
    const { offered, found } = limited(100);
    expect(await found).toMatchObject({
      high: null,
      limitedBy: "rate-limiter",
      limiterPasses: 100,
      isSettled: false,
    });
    expect((await found).low).toBeCloseTo(10 * 1.6 ** 4);
    expect(offered).toHaveLength(6); // the first ladder, and not one more
    // 105/s held by the burst that a bucket allows.
    expect(await limited(90, 110).found).toMatchObject({ low: 90, limiterPasses: 90 });
    expect(await limited(5).found).toMatchObject({
      low: 0,
      high: null,
      limitedBy: "rate-limiter",
      isSettled: false,
    });
  });
});
