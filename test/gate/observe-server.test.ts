import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { observeServer, untilShown } from "../../src/gate/observe-server.ts";
import type { Statistic } from "../../src/model/criterion.ts";
import type { QueryResult } from "../../src/prometheus/series.ts";
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
  it.each(["<=", "<", ">=", ">"] as const)(
    "keeps the worst of them where the limit is %s",
    async (operator) => {
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
      const kept = seen?.values.map(({ value }) => value) ?? [];
      const worst = Array.from({ length: 100 }, (_, index) =>
        operator.startsWith("<") ? 4999 - index : index,
      );
      expect(kept).toEqual(worst);
    },
  );

  it("keeps a hundred as they came", async () => {
    const values = Array.from({ length: 100 }, (_, pod) => (pod * 79) % 100);
    const series = values.map((value) => ({
      labels: {},
      timesMs: Float64Array.of(1000),
      values: Float64Array.of(value),
    }));
    const answer = async () => ({ series, warnings: [] });
    const [seen] = await observeServer({ instant: answer, range: answer }, [server()], {
      startMs: 0,
      endMs: 1000,
    });
    expect(seen?.values.map(({ value }) => value)).toEqual(values);
  });
});

describe("a criterion's query", () => {
  const WINDOW = { startMs: 1_000_000, endMs: 1_060_000 };
  const series = (values: number[], labels: Record<string, string> = {}) => ({
    labels,
    timesMs: Float64Array.from(values, (_, index) => WINDOW.startMs + index * 1000),
    values: Float64Array.from(values),
  });
  /** What was asked, and the observation made of the answer. */
  async function observed(stat: Statistic, answer: QueryResult, window = WINDOW) {
    const asked: unknown[][] = [];
    const ask = async (...args: unknown[]) => {
      asked.push(args);
      return answer;
    };
    const criterion = server({ stat, query: "max(rate(errors[$window]))" });
    const [observation] = await observeServer({ instant: ask, range: ask }, [criterion], window);
    return { asked, observation };
  }

  it.each<[Statistic, number]>([
    [{ kind: "min" }, 1],
    [{ kind: "max" }, 10],
    [{ kind: "avg" }, 5.25],
    [{ kind: "last" }, 4],
    [{ kind: "quantile", q: 0.5 }, 4],
    [{ kind: "quantile", q: 0.75 }, 6],
    [{ kind: "quantile", q: 0 }, 1],
  ])("%j of 6, 1, 10, 4 is %d", async (stat, value) => {
    const { observation } = await observed(stat, { series: [series([6, 1, 10, 4])], warnings: [] });
    expect(observation?.values).toEqual([{ labels: {}, value }]);
  });

  it("is asked over the run at a step of its own, or once at the end for the last value", async () => {
    const answer = { series: [series([1])], warnings: ["partial"] };
    const steps = async (lengthMs: number) =>
      (await observed({ kind: "max" }, answer, { ...WINDOW, endMs: WINDOW.startMs + lengthMs })).asked;
    expect(await steps(60_000)).toEqual([["max(rate(errors[60s]))", 1_000_000, 1_060_000, 1000]]);
    expect(await steps(240_000)).toEqual([["max(rate(errors[240s]))", 1_000_000, 1_240_000, 1000]]);
    // An hour in 240 steps of 15 s.
    expect((await steps(3_600_000))[0]?.at(-1)).toBe(15_000);
    const last = await observed({ kind: "last" }, answer);
    expect(last.asked).toEqual([["max(rate(errors[60s]))", 1_060_000]]);
    expect(last.observation).toEqual({
      id: "cpu",
      query: "max(rate(errors[$window]))",
      samples: 1,
      values: [{ labels: {}, value: 1 }],
      warnings: ["partial"],
      error: null,
    });
  });

  it("is a part of the run where a series of it has values for less than half of the run, whatever the others have", async () => {
    const part = (from: number, to: number, pod: string) => ({
      labels: { pod },
      timesMs: Float64Array.from({ length: to - from }, (_, at) => WINDOW.startMs + (from + at) * 1000),
      values: new Float64Array(to - from).fill(1),
    });
    const warned = async (...parts: ReturnType<typeof part>[]) =>
      (await observed({ kind: "max" }, { series: parts, warnings: ["partial"] })).observation?.warnings;
    expect(await warned(part(0, 29, "a"))).toEqual([
      "partial",
      "only 29 of 60 moments of the run have a value",
    ]);
    expect(await warned(part(31, 60, "a"), part(35, 60, "b"))).toEqual([
      "partial",
      'only 25 of 60 moments of the run have a value of {pod="b"} (and 1 more series)',
    ]);
    expect(await warned(part(0, 30, "a"))).toEqual(["partial"]);
    // A pod that was seen at one moment is not covered by those that were seen throughout.
    expect(await warned(part(0, 60, "a"), part(20, 21, "b"))).toHaveLength(2);
    expect(await warned(part(0, 0, "a"))).toEqual(["partial"]);
  });

  it("series without samples are none, and labels are kept", async () => {
    const answer = { series: [series([]), series([3, 2], { pod: "a" })], warnings: [] };
    const { observation } = await observed({ kind: "max" }, answer);
    expect(observation).toMatchObject({ samples: 2, values: [{ labels: { pod: "a" }, value: 3 }] });
  });

  it("that fails is an observation with its error", async () => {
    const client = {
      instant: () => Promise.reject(new Error("401")),
      range: () => Promise.reject(new Error("401")),
    };
    expect(await observeServer(client, [server()], WINDOW)).toEqual([
      { id: "cpu", query: "max(cpu)", samples: 0, values: [], warnings: [], error: "401" },
    ]);
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

  it.each([-90_000, 90_000])("is told by the store's own clock, %d ms off", async (clockAheadMs) => {
    const store = storeOf({ everyMs: 15_000, delayMs: 30_000 });
    // Its scrapes carry its own time.
    const ahead = {
      clockAheadMs,
      range: async (query: string, startMs: number, endMs: number, stepMs: number) => {
        const answer = await store.range(query, startMs - clockAheadMs, endMs - clockAheadMs, stepMs);
        const shifted = answer.series.map((one) => ({
          ...one,
          values: one.values.map((at) => at + clockAheadMs),
        }));
        return { ...answer, series: shifted };
      },
    };
    const waitedMs = await waitedFor(ahead as ReturnType<typeof storeOf>);
    expect(waitedMs).toBeGreaterThanOrEqual(10_000);
    expect(waitedMs).toBeLessThanOrEqual(40_000);
  });

  it("is said to be waited for once, and only where it is", async () => {
    const said = async (delayMs: number) => {
      let count = 0;
      const waiting = untilShown(storeOf({ everyMs: 15_000, delayMs }), Date.now(), () => count++);
      await vi.advanceTimersByTimeAsync(60_000);
      await waiting;
      return count;
    };
    expect([await said(0), await said(30_000)]).toEqual([0, 1]);
  });

  it("is not waited for without end where nothing was ever scraped", async () => {
    const nothing = { clockAheadMs: 0, range: async () => ({ series: [], warnings: [] }) };
    const beganMs = Date.now();
    const waiting = untilShown(nothing, beganMs, () => {}).then(() => Date.now() - beganMs);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await waiting).toBeLessThanOrEqual(42_000);
  });
});
