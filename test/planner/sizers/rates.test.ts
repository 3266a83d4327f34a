import { describe, expect, it } from "vitest";
import { contextWith, lead, levels, lineOf, sized } from "./context.ts";

describe("rates", () => {
  it("slots by Erlang C, of a documented time", () => {
    const params = { demand: "calls", seconds: "2s", mostWaiting: "10%", current: 12 };
    expect(
      lineOf("concurrency", params, contextWith({ demands: { calls: levels(2, 5) } })),
    ).toMatchInlineSnapshot(`
      "12 null → 17 null slots, by 5, grows to null
      needs 16 to 17, for concurrency
      one takes 0.5 per-second per slot, documented
      holds up to calls 3.77707
      runs out 2024-10-09, 2024-10-10, 2024-10-11, order by 2024-10-06
      operators: undefined by undefined
      why: Little's law at p90 of the horizon: 5.5/s × 2 s = 11 at once on average
      why: Erlang C: enough slots that at most 10% of the requests wait for one
      why: as the profile says"
    `);
  });

  it("slots by Erlang C, of the time the history shows", () => {
    const params = { demand: "calls", secondsSignal: "seconds", mostWaiting: "10%" };
    const context = contextWith({ demands: { calls: levels(2, 5) }, recent: { seconds: 1.5 } });
    expect(lineOf("concurrency", params, context)).toMatchInlineSnapshot(`
      "null null → 13 null slots, by null, grows to null
      needs 12 to 13, for concurrency
      one takes 0.6666666666666666 per-second per slot, inferred
      holds up to 
      does not run out, order by null
      operators: undefined by undefined
      why: Little's law at p90 of the horizon: 5.5/s × 1.5 s = 8.25 at once on average
      why: Erlang C: enough slots that at most 10% of the requests wait for one
      why: as the profile says
      ! nobody has said how many slots run today: no run-out date"
    `);
  });

  it("a table of tiers", () => {
    const params = {
      demand: "requests",
      current: 2,
      tiers: [
        { below: "100/min", cores: 1, memory: "2GiB" },
        { below: "500/min", cores: 2, memory: "4GiB" },
        { cores: 4, memory: "8GiB" },
      ],
    };
    const requests = { ...levels(1, 9), operators: 5 };
    expect(lineOf("rate-tiers", params, contextWith({ demands: { requests } }))).toMatchInlineSnapshot(`
      "2 null → 2 null cores per instance, by 0, grows to null
      needs 4 to 4, for request rate
      one takes 8.333333333333334 per-second at today's size, documented
      holds up to 
      does not run out, order by null
      operators: 2 by the same table at 300/min
      why: 594 requests/min at p90 of the horizon; the operators' table: below 100/min 1 core / 2 GiB, below 500/min 2 cores / 4 GiB, else 4 cores / 8 GiB
      why: the rule asks for 4 cores per instance, no measurement does: 2 is kept until one is there
      why: as the profile says"
    `);
  });
});

describe("tiers", () => {
  const params = {
    demand: "d",
    current: 2,
    tiers: [
      { below: "60/min", cores: 1, memory: "2GiB" },
      { below: "600/min", cores: 2, memory: "4GiB" },
      { cores: 4, memory: "8GiB" },
    ],
  };
  const made = sized("rate-tiers", params, contextWith({ demands: { d: levels(1, 9) } }));

  it("end where they say: 60/min is no longer below 60/min", () => {
    expect([0.99, 1, 9.99, 10, 1e6].map((level) => lead(made).need(level))).toEqual([1, 2, 2, 4, 4]);
    expect([1, 1.5, 2, 4, 9].map((need) => made.choose(need))).toEqual([
      { value: 1, name: "1 core / 2 GiB" },
      { value: 2, name: "2 cores / 4 GiB" },
      { value: 2, name: "2 cores / 4 GiB" },
      { value: 4, name: "4 cores / 8 GiB" },
      { value: 4, name: "4 cores / 8 GiB" },
    ]);
  });

  it("of operators who foresee nothing have no value", () => {
    expect(made.operatorsRule).toEqual({ value: null, formula: "the same table" });
  });

  it("beyond the last bear what is foreseen", () => {
    const largest = sized(
      "rate-tiers",
      { ...params, current: 4 },
      contextWith({ demands: { d: levels(1, 9) } }),
    );
    expect(lead(largest).capacity?.value).toBeCloseTo(9.9, 9);
  });
});
