import { describe, expect, it } from "vitest";
import { annotationsOf } from "../../src/cli/annotations.ts";
import { judge } from "../../src/gate/judge.ts";
import { canonicalRun, client, thresholds } from "../canonical.ts";

const file = "thresholds/shop.yaml";
const text = "schema: x\nclient:\n  - id: p95\n    metric: http_req_duration\n";
const annotate = (why: string) => {
  const criteria = thresholds([client({ bound: { operator: "<=", value: 1 }, why })]);
  return annotationsOf(judge(canonicalRun(), criteria, "run.json"), { file, text });
};

describe("annotations on a pull request", () => {
  it("a broken criterion is an error at its line", () => {
    expect(annotate("people leave")).toEqual([
      "::error file=thresholds/shop.yaml,line=3,title=SLA%3A p95::all p95 is 120 ms, allowed ≤ 1 ms. people leave",
    ]);
  });

  it("a run that proves nothing is one without a line", () => {
    const criteria = thresholds([client({ tags: { name: "ghost" } })]);
    const lines = annotationsOf(judge(canonicalRun(), criteria, "run.json"), { file, text });
    expect(lines.at(-1)).toMatch(/^::error title=The run proves nothing::p95 has no data: /);
  });

  it("text cannot begin a command of its own", () => {
    const [line, ...others] = annotate("first\n::set-output name=x::100%");
    expect(others).toEqual([]);
    expect(line).toContain("first%0A::set-output name=x::100%25");
  });
});
