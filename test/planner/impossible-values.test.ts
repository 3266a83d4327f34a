import { describe, expect, it } from "vitest";
import { refusePastEvents } from "../../src/cli/past-events.ts";
import type { History } from "../../src/model/history.ts";
import { impossibleValues, refuseImpossible } from "../../src/planner/impossible-values.ts";
import { problemsOf } from "../problems-of.ts";

const signal = (id: string, values: (number | null)[]): History["signals"][number] => ({
  id,
  query: id,
  values,
  resets: 0,
  truncated: false,
  warnings: [],
  failure: null,
});
const history: History = {
  schema: "headroom/history@1",
  system: "shop",
  source: "a test",
  start: "2026-11-01T00:00:00.000Z",
  end: "2026-11-01T03:00:00.000Z",
  stepSeconds: 3600,
  signals: [signal("requests", [1, null, -5, -1]), signal("cpu", [0, 0, 0, 0.5])],
};

describe("values below zero", () => {
  it("are found where they stand, and zero is none", () =>
    expect(impossibleValues(history)).toEqual([
      { signal: "requests", at: 2, value: -5, when: "2026-11-01T02:00:00.000Z", count: 2 },
    ]));

  it("refuse their signal and no other", () => {
    const [requests, cpu] = refuseImpossible(history).signals;
    expect(requests?.failure).toBe(
      "2 values are below zero, first -5 at 2026-11-01T02:00:00.000Z: correct the query",
    );
    expect(cpu?.failure).toBeNull();
  });
});

describe("an event of the past", () => {
  const event = (date: string) => ({ name: "launch", day: Date.parse(date) / 86_400_000, change: 0.4 });
  const refused = (...dates: string[]) =>
    problemsOf(() => refusePastEvents(dates.map(event), "2026-11-16T09:00:00.000Z"));

  it("is in the history already, and is not counted again", () => {
    expect(refused("2026-11-16", "2026-10-01", "2026-11-17")).toMatchObject([
      { path: "--event", message: expect.stringContaining("launch on 2026-11-16") },
      { message: expect.stringContaining("launch on 2026-10-01") },
    ]);
    expect(refused("2026-11-17")).toEqual([]);
  });
});
