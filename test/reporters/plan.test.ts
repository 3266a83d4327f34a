import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSized, type Plan } from "../../src/model/plan.ts";
import { planReporters } from "../../src/reporters/plan/index.ts";
import { renderPlanTerminal } from "../../src/reporters/plan/terminal.ts";
import { canonicalPlan, refusedPlan } from "../canonical-plan.ts";

const rendered = (plan: Plan) =>
  Object.fromEntries(
    Object.entries(planReporters)
      .filter(([name]) => name !== "html")
      .flatMap(([, reporter]) => reporter.render(plan))
      .map(({ name, text }) => [name, text]),
  );

describe("plan reporters", () => {
  it.each(Object.entries(rendered(canonicalPlan())))("%s is as agreed", async (name, text) => {
    await expect(text).toMatchFileSnapshot(`golden/${name.replace(".", ".golden.")}`);
  });

  it.each([
    ["wide", 160],
    ["narrow", 80],
  ])("the %s terminal is as agreed, and no line is wider", async (name, columns) => {
    const text = renderPlanTerminal(canonicalPlan(), { color: false, columns });
    await expect(text).toMatchFileSnapshot(`golden/plan-${name}.golden.txt`);
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(columns);
  });

  it("a plan that could size nothing says so everywhere", () => {
    for (const text of [
      rendered(refusedPlan())["plan.md"],
      renderPlanTerminal(refusedPlan(), { color: false, columns: 80 }),
    ])
      expect(text).toContain("nothing could be sized");
  });

  it("text from outside runs nowhere and steers nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (hostile) => {
        const text = `=cmd()|${hostile}\u001b[2J<script>`;
        const plan = canonicalPlan(text);
        const named: Plan = {
          ...plan,
          system: text,
          sizing: plan.sizing.map((one) => (isSized(one) ? { ...one, resource: text } : one)),
        };
        const files = rendered(named);
        expect(files["plan.md"]).not.toContain("<script>");
        expect(files["sizing.csv"]).not.toMatch(/(^|,)"?=cmd/m);
        expect(renderPlanTerminal(named, { color: false, columns: 80 })).not.toContain("\u001b");
        expect(JSON.parse(files["plan.json"] as string)).toEqual(named);
      }),
    );
  });
});
