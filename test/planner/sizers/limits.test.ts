import { describe, expect, it } from "vitest";
import { contextWith, levels, lineOf, sized } from "./context.ts";

const GIB = 1024 ** 3;

describe("limits", () => {
  it("a disk: 150 and 165 GiB at 80% are 187.5 and 206; it grows by itself to 200", () => {
    const disk = { ...levels(60 * GIB, 150 * GIB), unit: "bytes" as const, operators: 100 * GIB };
    const params = {
      signal: "disk",
      what: "storage",
      current: "100GiB",
      usable: "80%",
      step: "10GiB",
      unit: "GiB",
      growsTo: "200GiB",
      operators: { times: 1.5 },
    };
    expect(lineOf("limit", params, contextWith({ demands: { disk } }))).toMatchInlineSnapshot(`
      "100 null → 210 null GiB, by 110, grows to 200
      needs 187.5 to 206.25, for storage
      one takes 80 GiB, 80% of the limit, documented
      holds up to disk 171799000000
      runs out 2024-10-13, null, null, order by 2024-10-10
      operators: 150 by 1.5 × disk as they foresee it
      why: 60 GiB in use, 165 GiB at p90 of the horizon; at most 80% of the limit may be
      why: the limit itself, 100 GiB, is likely reached on 2024-10-09, in 6 days
      why: grows by itself up to 200 GiB
      why: as the profile says
      ! automatic growth ends at 200 GiB, 206 GiB are needed"
    `);
  });

  it("operations: 1,900 and 2,090 at 70% are 2,714 and 2,986", () => {
    const iops = { ...levels(1000, 1900), unit: "count" as const };
    const params = {
      signal: "iops",
      what: "IOPS",
      current: 3000,
      usable: "70%",
      step: 1000,
      unit: "IOPS",
      operators: { above: 900 },
    };
    expect(lineOf("limit", params, contextWith({ demands: { iops } }))).toMatchInlineSnapshot(`
      "3000 null → 3000 null IOPS, by 0, grows to null
      needs 2714.2857142857147 to 2985.714285714286, for IOPS
      one takes 2100 IOPS, 70% of the limit, documented
      holds up to iops 2100
      does not run out, order by null
      operators: 1000 by iops as they foresee it; act: it is above 900 IOPS
      why: 1000 in use, 2090 at p90 of the horizon; at most 70% of the limit may be
      why: the limit itself, 3000, is likely not reached within the horizon
      why: as the profile says"
    `);
  });
});

describe("the operators' rule for a limit", () => {
  const disk = { ...levels(60 * GIB, 70 * GIB), unit: "bytes" as const };
  const rule = (operators: object, foreseen?: number) =>
    sized(
      "limit",
      {
        signal: "disk",
        what: "storage",
        current: "100GiB",
        usable: "80%",
        step: "10GiB",
        unit: "GiB",
        operators,
      },
      contextWith({
        demands: { disk: { ...disk, ...(foreseen === undefined ? {} : { operators: foreseen }) } },
      }),
    ).operatorsRule;

  it("acts above a value, on what they foresee or else on today", () => {
    const formula = (word: string) => `disk as they foresee it; ${word} above 65 GiB`;
    expect(rule({ above: "65GiB" })).toEqual({ value: 60, formula: formula("do nothing: it is not") });
    expect(rule({ above: "65GiB" }, 65 * GIB)).toEqual({
      value: 65,
      formula: formula("do nothing: it is not"),
    });
    expect(rule({ above: "65GiB" }, 66 * GIB)).toEqual({ value: 66, formula: formula("act: it is") });
  });

  it("is a factor on what they foresee, and has no value where they foresee nothing", () => {
    expect(rule({ times: 2 })).toEqual({ value: null, formula: "2 × disk as they foresee it" });
    expect(rule({ times: 2 }, 50 * GIB)?.value).toBe(100);
  });
});
