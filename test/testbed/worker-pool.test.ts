import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/stats/random.ts";
import { drawServiceMs, meanServiceMs } from "../../src/testbed/service-time.ts";
import { WorkerPool } from "../../src/testbed/worker-pool.ts";

describe("WorkerPool", () => {
  // Erlang C, (servers, offered load) → probability of waiting; golden values of the M/M/c queue.
  it.each([
    [10, 8, 0.40918],
    [5, 4, 0.554113],
    [20, 16, 0.256078],
  ])("with %d workers and %d busy on average, %d of the requests wait", (workers, load, waiting) => {
    const random = seededRandom(11);
    const exponential = (mean: number) => -Math.log(1 - random()) * mean;
    const pool = new WorkerPool(workers, 1e9);
    const meanServiceMs = 100;
    const requests = 150_000;
    let nowMs = 0;
    let waited = 0;
    for (let request = 0; request < requests; request++) {
      nowMs += exponential(meanServiceMs / load);
      const serviceMs = exponential(meanServiceMs);
      const doneMs = pool.admit(nowMs, serviceMs) as number;
      if (doneMs - nowMs > serviceMs + 1e-6) waited++;
    }
    expect(waited / requests).toBeCloseTo(waiting, 1.7);
  });

  it("serves exactly workers / service time when it never idles", () => {
    const pool = new WorkerPool(4, 1e9);
    let lastMs = 0;
    for (let request = 0; request < 1000; request++) lastMs = Math.max(lastMs, pool.admit(0, 20) as number);
    expect(lastMs).toBe(5000);
  });

  it("refuses beyond its queue, and takes again when the queue has moved", () => {
    const pool = new WorkerPool(1, 2);
    expect([pool.admit(0, 10), pool.admit(0, 10), pool.admit(0, 10), pool.admit(0, 10)]).toEqual([
      10,
      20,
      30,
      null,
    ]);
    expect(pool.admit(11, 10)).toBe(40);
    expect(pool.busy(11)).toBe(1);
  });
});

describe("service time", () => {
  it("has the stated median, p95 and mean", () => {
    const random = seededRandom(3);
    const endpoint = { medianMs: 120, p95Ms: 350 };
    const drawn = Array.from({ length: 200_000 }, () => drawServiceMs(endpoint, random)).sort(
      (a, b) => a - b,
    );
    expect((drawn[100_000] as number) / 120).toBeCloseTo(1, 1);
    expect((drawn[190_000] as number) / 350).toBeCloseTo(1, 1);
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    expect(mean / meanServiceMs(endpoint)).toBeCloseTo(1, 1);
  });
});
