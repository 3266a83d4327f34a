import { describe, expect, it } from "vitest";
import { whatIf as parseWhatIf } from "../../src/cli/options.ts";
import { isSized } from "../../src/model/plan.ts";
import { makePlan } from "../../src/planner/make-plan.ts";
import { applyWhatIf, type WhatIf } from "../../src/planner/what-if.ts";
import { problemsOf } from "../problems-of.ts";
import { shippedPlan } from "./shipped-plan.ts";
import { catalogue } from "./sizers/context.ts";

const { profile, history } = shippedPlan("pynomaly");
const plan = (whatIf: WhatIf) =>
  makePlan({
    profile: applyWhatIf(profile, whatIf, catalogue),
    history,
    catalogue,
    horizonDays: 90,
    additions: { growth: 0, events: [] },
    measured: null,
    whatIf,
  });
const line = (whatIf: WhatIf, resource: string) =>
  plan(whatIf)
    .sizing.filter(isSized)
    .find((one) => one.resource === resource);

describe("what if", () => {
  it("many instances with small pools ran: neither is short, and nobody is told to correct the profile", () => {
    const changed = { instances: 9, pool: 17 };
    expect(line(changed, "api-instances")).toMatchObject({ current: 9, warnings: [] });
    expect(line(changed, "api-instances")?.evidence).not.toBe("observed");
    expect(line(changed, "database-connections")?.latent).toEqual([]);
    expect(line({}, "api-instances")?.evidence).toBe("observed");
    expect(plan(changed).whatIf).toEqual(changed);
  });

  it("another class ran", () =>
    expect(line({ class: "db.r6g.large" }, "database")).toMatchObject({ currentName: "db.r6g.large" }));

  it("what nothing answers to is refused", () => {
    const refused = (whatIf: WhatIf) => problemsOf(() => applyWhatIf(profile, whatIf, catalogue));
    expect(refused({ class: "db.none" })).toMatchObject([{ message: expect.stringContaining("db.none") }]);
    expect(refused({ class: "m5.large" })).toHaveLength(1);
    expect(problemsOf(() => applyWhatIf({ ...profile, sizing: [] }, { pool: 9 }, catalogue))).toHaveLength(1);
  });

  it("is written as instances=5,pool=10,class=db.r6g.large", () => {
    expect(parseWhatIf("instances=5,pool=10,class=db.r6g.large")).toEqual({
      instances: 5,
      pool: 10,
      class: "db.r6g.large",
    });
    for (const wrong of [
      "",
      "instances",
      "instances=0",
      "pool=-1",
      "pool=1e9",
      "colour=red",
      "pool=1,pool=2",
    ])
      expect(() => parseWhatIf(wrong), wrong).toThrow();
  });
});
