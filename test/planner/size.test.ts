import { describe, expect, it } from "vitest";
import { sizeResource } from "../../src/planner/size.ts";
import type { Driver, Sized } from "../../src/planner/sizers/sizer.ts";
import { levels } from "./sizers/context.ts";

const FIRST = "2024-10-04"; // day 20,000
const when = { leadTimeDays: 3, asOfDay: 20_000, why: "because" };

const driver = (name: string, from: number, to: number, per: number): Driver => ({
  name,
  levels: levels(from, to),
  need: (level) => Math.ceil(level / per),
  capacity: { value: per, unit: "each", source: "documented" },
  why: [`${per} each`],
});

const sizedBy = (drivers: Sized["drivers"], current: number | null, growsTo?: number): Sized => ({
  unit: "instances",
  current,
  growsTo,
  drivers,
  choose: (need) => ({ value: need, name: null }),
  operatorsRule: null,
});

describe("sizeResource", () => {
  it("finds the days on which p90, p50 and p10 pass what is there", () => {
    // 100 to 190 in steps of 10 a day; ten each; eleven hold up to 110.
    const { line } = sizeResource("api", sizedBy([driver("CPU", 100, 190, 10)], 12), when);
    expect(line).toMatchObject({
      need: { p50: 19, p90: 21 },
      recommended: 21,
      change: 9,
      // p90 is 121 on day 1, p50 130 on day 3, p10 126 on day 4.
      runsOut: { early: "2024-10-05", likely: "2024-10-07", late: "2024-10-08" },
      orderBy: FIRST,
      bottleneck: "CPU",
    });
  });

  it("orders the lead time before the early date, never before today", () => {
    const { line } = sizeResource("api", sizedBy([driver("CPU", 100, 190, 10)], 19), when);
    expect(line.runsOut).toEqual({ early: "2024-10-12", likely: null, late: null, isOpen: false });
    expect(line.orderBy).toBe("2024-10-09");
  });

  it("does not run out within what it grows to by itself", () => {
    const grows = sizeResource("api", sizedBy([driver("CPU", 100, 190, 10)], 12, 30), when).line;
    expect(grows).toMatchObject({ runsOut: null, orderBy: null, growsTo: 30, recommended: 21 });
  });

  it("takes the greatest need of all drivers, and names the one that leads at the end", () => {
    const drivers = [driver("CPU", 99, 108, 10), driver("memory", 50, 300, 20)] as const;
    const { line, levels: needs } = sizeResource("api", sizedBy([...drivers], 12), when);
    expect(line.bottleneck).toBe("memory");
    expect(line.need.p90).toBe(17);
    expect(needs.p90[0]).toBe(11);
    expect(line.why).toEqual(["20 each", "CPU would need 12 instances: 10 each", "because"]);
  });

  it("says up to which demand today's size suffices, for the tightest of several reasons", () => {
    const of = (signal: string, from: number, to: number, per: number): Driver => {
      const made = driver(signal, from, to, per);
      return { ...made, levels: { ...made.levels, signal } };
    };
    const ceilings = (drivers: Sized["drivers"], current: number) =>
      sizeResource("api", sizedBy(drivers, current), when).line.ceilings;
    expect(ceilings([of("d", 10, 20, 10), of("d", 10, 20, 7), of("e", 1, 2, 1)], 12)).toEqual([
      { signal: "d", level: 84 },
      { signal: "e", level: 12 },
    ]);
    // What takes a thousand times the forecast is not worth a line, and what does not even take nothing is at none.
    expect(ceilings([of("d", 10, 20, 10)], 10_000)).toEqual([]);
    const spare = { ...of("d", 10, 20, 10), need: () => 3 };
    expect(ceilings([spare], 2)).toEqual([{ signal: "d", level: 0 }]);
  });

  it("calls short only what was measured: observed before forecast, and a rule buys nothing", () => {
    const evidence = (drivers: Sized["drivers"], current: number, latent: boolean) => {
      const sized = sizedBy(drivers, current);
      const more = { latent: () => [{ what: "all pools full", need: 99, cures: ["smaller pools"] }] };
      return sizeResource("api", latent ? { ...sized, ...more } : sized, when).line;
    };
    const seen = (now: number): Driver => {
      const made = driver("CPU", 100, 190, 10);
      return { ...made, levels: { ...made.levels, now } };
    };
    const rule: Driver = { ...driver("rule", 100, 500, 10), evidence: "rule" };
    expect(evidence([seen(121)], 12, true).evidence).toBe("observed");
    expect(evidence([seen(120)], 12, true).evidence).toBe("forecast");
    expect(evidence([seen(120)], 21, true)).toMatchObject({
      evidence: "latent",
      runsOut: null,
      orderBy: null,
    });
    expect(evidence([seen(120), rule], 21, false)).toMatchObject({ evidence: "rule", recommended: 21 });
    expect(evidence([seen(120), rule], 60, false).evidence).toBeNull();
    // Nothing but a rule: what is there is kept, whatever it asks for, and nothing has a date.
    expect(evidence([rule], 12, false)).toMatchObject({
      evidence: "rule",
      need: { p50: 50, p90: 55 },
      recommended: 12,
      change: 0,
      runsOut: null,
      ceilings: [],
      margins: [],
    });
  });

  it("prints the chain of margins; its product is recommendation over the bare likely demand", () => {
    const bare = 10; // what one takes with nothing to spare
    const made: Driver = {
      ...driver("CPU", 100, 190, bare * 0.7),
      margins: (level) => [
        { name: "70% in use", factor: 1 / 0.7 },
        { name: "whole", factor: Math.ceil(level / 7) / (level / 7) },
      ],
    };
    const { line } = sizeResource("api", sizedBy([made], 12), when);
    const product = line.margins.reduce((all, { factor }) => all * factor, 1);
    expect(line.recommended).toBe(30); // ⌈209 / 7⌉
    expect(product).toBeCloseTo(30 / (190 / bare), 9);
    expect(line.margins[0]).toEqual({
      name: "p90 instead of the likely demand",
      factor: expect.closeTo(1.1, 9),
    });
  });

  it("has no date where nobody said what is there", () => {
    const { line } = sizeResource("llm", sizedBy([driver("slots", 100, 190, 10)], null), when);
    expect(line).toMatchObject({
      current: null,
      change: null,
      runsOut: null,
      orderBy: null,
      recommended: 21,
    });
  });
});
