import { describe, expect, it } from "vitest";
import type { Past } from "../../scenarios/lib/testbed.ts";
import { type PastWindow, trafficOf, truthOf, writeOpenMetrics } from "../../src/testbed/past.ts";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-08-18T00:00:00Z");
const window: PastWindow = { startMs: START, endMs: START + 90 * DAY_MS, stepMs: 600_000, seed: 7 };
const past: Past = {
  growth: 0.5,
  metrics: [
    { name: "x_total", labels: { a: 'b"\\' }, type: "counter", follows: "traffic", level: 10 },
    { name: "memory", replicas: 2, type: "gauge", follows: "traffic", idle: 5, level: 1 },
    { name: "disk", type: "gauge", follows: "time", level: 100, growth: 1 },
  ],
};
const text = [...writeOpenMetrics(past, window)].join("");
const samplesOf = (selector: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith(`${selector} `))
    .map(
      (line) =>
        line
          .slice(selector.length + 1)
          .split(" ")
          .map(Number) as [number, number],
    );

describe("a made-up past", () => {
  it("is the same for the same seed, and another for another", () => {
    expect([...writeOpenMetrics(past, window)].join("")).toBe(text);
    expect([...writeOpenMetrics(past, { ...window, seed: 8 })].join("")).not.toBe(text);
  });

  it("grows as it says: busy hours of the last two weeks over the first two, on the same weekdays", () => {
    const traffic = trafficOf({ growth: 0.5 }, window);
    const busiest = (day: number) => Math.max(...traffic.slice(day * 144, (day + 1) * 144));
    const sum = (from: number) =>
      Array.from({ length: 14 }, (_, day) => busiest(from + day)).reduce((a, b) => a + b);
    // From the middle of days 0–13 to that of days 70–83 the line rises by 70/90 of 50%.
    expect(sum(70) / sum(0)).toBeCloseTo((1 + 0.5 * (77 / 90)) / (1 + 0.5 * (7 / 90)), 1);
  });

  it("holds the flood, the outage and the gap where the truth says", () => {
    const { flood, outage, gap } = truthOf(past, window);
    const traffic = trafficOf(past, window);
    const mean = (span: { startMs: number; endMs: number }, shiftMs: number) => {
      const from = (span.startMs + shiftMs - START) / window.stepMs;
      const values = traffic.slice(from, from + (span.endMs - span.startMs) / window.stepMs);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(mean(flood, 0) / mean(flood, 7 * DAY_MS)).toBeGreaterThan(1.3);
    expect(mean(outage, 0) / mean(outage, 7 * DAY_MS)).toBeLessThan(0.1);
    const times = samplesOf("disk").map(([, seconds]) => seconds * 1000);
    expect(times.filter((ms) => ms >= gap.startMs && ms < gap.endMs)).toEqual([]);
    expect(times).toContain(gap.endMs);
  });

  it("writes counters that reset, series told apart, and what OpenMetrics asks for", () => {
    const counter = samplesOf('x_total{a="b\\"\\\\"}').map(([value]) => value);
    const resets = counter.filter((value, at) => at > 0 && value < (counter[at - 1] as number)).length;
    expect(resets).toBe(Math.floor((90 * DAY_MS) / truthOf(past, window).resetEveryMs));
    expect(samplesOf('memory{instance="0"}').length).toBe(samplesOf('memory{instance="1"}').length);
    expect(samplesOf("disk").at(-1)?.[0]).toBeCloseTo(200, 6);
    expect(text.startsWith("# TYPE x_total unknown\n")).toBe(true);
    expect(text.endsWith("# EOF\n")).toBe(true);
  });
});
