import { readdirSync, readFileSync } from "node:fs";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const action = readFileSync("action.yml", "utf8");
const page = readFileSync("docs/ci.md", "utf8");
const workflow = /```yaml\n(name: gate[\s\S]*?)```/.exec(page)?.[1] ?? "";

it.each(readdirSync(".github/workflows"))("%s is a workflow by GitHub's schema", (name) => {
  expect(validateWorkflow(readFileSync(`.github/workflows/${name}`, "utf8")).errors).toEqual([]);
});

describe("the GitHub Action", () => {
  it("is one by GitHub's schema", () => {
    expect(validateAction(action).errors).toEqual([]);
    expect(validateAction(action.replace("using: composite", "using: sorcery")).errors).not.toEqual([]);
  });

  it("is used by the documentation with inputs it has", () => {
    expect(validateWorkflow(workflow).errors).toEqual([]);
    const steps = (parse(workflow) as { jobs: { gate: { steps: { uses: string; with?: object }[] } } }).jobs
      .gate.steps;
    const used = Object.keys(steps.find(({ uses }) => uses.includes("headroom"))?.with ?? {});
    const { inputs } = parse(action) as { inputs: Record<string, { required?: boolean }> };
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(used));
    const required = Object.entries(inputs).flatMap(([name, { required }]) => (required ? [name] : []));
    expect(used).toEqual(expect.arrayContaining(required));
  });

  it("lets no input become a command", () => {
    const { runs } = parse(action) as { runs: { steps: { run?: string }[] } };
    for (const { run = "" } of runs.steps) expect(run).not.toContain("${{");
  });
});
