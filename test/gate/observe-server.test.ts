import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { observeServer, untilShown } from "../../src/gate/observe-server.ts";
import { server } from "../canonical.ts";

/** A store that was scraped every so often and shows what is older than its delay; waiting passes at once. */
function storeOf({ everyMs, delayMs }: { everyMs: number; delayMs: number }) {
  return {
    clockAheadMs: 0,
    asked: 0,
    async range(_: string, startMs: number, endMs: number, stepMs: number) {
      this.asked++;
      const timesMs: number[] = [];
      for (let at = startMs; at <= endMs; at += stepMs) timesMs.push(at);
      // VictoriaMetrics answers with the last value that it shows.
      const shown = (at: number) => Math.floor(Math.min(at, Date.now() - delayMs) / everyMs) * everyMs;
      const values = Float64Array.from(timesMs, shown);
      return { series: [{ labels: {}, timesMs: Float64Array.from(timesMs), values }], warnings: [] };
    },
  };
}

describe("a query of many series", () => {
  it.each(["<=", ">="] as const)("keeps the worst of them where the limit is %s", async (operator) => {
    const values = Array.from({ length: 5000 }, (_, pod) => (pod * 7919) % 5000);
    const series = values.map((value, pod) => ({
      labels: { pod: String(pod) },
      timesMs: Float64Array.of(1000),
      values: Float64Array.of(value),
    }));
    const answer = async () => ({ series, warnings: [] });
    const criterion = server({ stat: { kind: "max" }, bound: { operator, value: 1 } });
    const [seen] = await observeServer({ instant: answer, range: answer }, [criterion], {
      startMs: 0,
      endMs: 1000,
    });
    expect(seen?.samples).toBe(5000);
    expect(seen?.values).toHaveLength(100);
    expect(seen?.values[0]?.value).toBe(operator === "<=" ? 4999 : 0);
  });
});

describe("a run's end", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_800_000_007_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const waitedFor = async (store: ReturnType<typeof storeOf>) => {
    const beganMs = Date.now();
    const waiting = untilShown(store, beganMs, () => {}).then(() => Date.now() - beganMs);
    await vi.advanceTimersByTimeAsync(60_000);
    return await waiting;
  };

  it.each([1000, 15_000, 60_000])(
    "is there at once in a store that hides nothing, scraped every %d ms",
    async (everyMs) => {
      expect(await waitedFor(storeOf({ everyMs, delayMs: 0 }))).toBe(0);
    },
  );

  it.each([1000, 15_000])(
    "is waited for where the last 30 s are held back, scraped every %d ms",
    async (everyMs) => {
      const waitedMs = await waitedFor(storeOf({ everyMs, delayMs: 30_000 }));
      expect(waitedMs).toBeGreaterThanOrEqual(10_000);
      expect(waitedMs).toBeLessThanOrEqual(40_000);
    },
  );

  it("is not waited for without end where nothing was ever scraped", async () => {
    const nothing = { clockAheadMs: 0, range: async () => ({ series: [], warnings: [] }) };
    const beganMs = Date.now();
    const waiting = untilShown(nothing, beganMs, () => {}).then(() => Date.now() - beganMs);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await waiting).toBeLessThanOrEqual(42_000);
  });
});
