import { describe, expect, it } from "vitest";
import { fleetLine, rankFleet } from "../../src/model/fleet.ts";
import type { Plan } from "../../src/model/plan.ts";
import { renderFleetFiles, renderFleetTerminal } from "../../src/reporters/fleet/index.ts";
import { canonicalPlan, refusedPlan } from "../canonical-plan.ts";

const plan = (system: string, given: Partial<Plan> = {}) =>
  fleetLine({ ...canonicalPlan(), ...given, system });
const fleet = rankFleet([
  plan("later", {
    tightest: "database",
  }),
  plan("soon"),
  { ...fleetLine(refusedPlan()), system: "unsized" },
  plan("never", { tightest: "redis" }),
  { system: "broken", failed: "profiles/broken.yaml:3 signals[0].query: not PromQL" },
]);

describe("a fleet", () => {
  it("leads with what could not be planned, then with who runs out first", () => {
    expect(fleet.systems.map(({ system }) => system)).toEqual([
      "broken",
      "soon",
      "later",
      "never",
      "unsized",
    ]);
    expect(fleet.systems[1]).toMatchObject({
      tightest: "api",
      early: "2026-12-01",
      orderBy: "2026-11-17",
      action: "go to 6 instances",
      refused: 1,
    });
  });

  it("is told in a table, a document and for machines; hostile names steer nothing", () => {
    const shown = renderFleetTerminal(fleet, { color: false });
    expect(shown).toContain(
      "2 of 5 systems run out within their horizon; soon first (api, 2026-12-01); 1 could not be planned",
    );
    expect(shown).toMatch(/\? {2}broken +not planned +profiles\/broken\.yaml:3/);
    const hostile = rankFleet([{ system: "a|b\u001b[2J<script>", failed: "x" }]);
    expect(renderFleetTerminal(hostile, { color: false })).not.toContain("\u001b");
    const [json, markdown] = renderFleetFiles(hostile);
    expect(markdown?.text).not.toMatch(/<script>|\u001b/);
    expect(JSON.parse(json?.text ?? "")).toEqual(hostile);
  });
});
