import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { judge } from "../../src/gate/judge.ts";
import type { RunResult } from "../../src/model/run.ts";
import { chooseReporters, reporters } from "../../src/reporters/index.ts";
import type { GateReport } from "../../src/reporters/report.ts";
import { renderTerminal } from "../../src/reporters/terminal.ts";
import { canonicalRun, client, ERRORS, failed, METRICS, server, thresholds, trend } from "../canonical.ts";

/** One report with everything in it: a pass, a fail, a warning, no data, a server criterion, a reason, notices. */
function fullReport(name = "search"): GateReport {
  const metrics = [...METRICS, trend({ name }, 3000, 50), failed({ name }, 3000, 0)].filter(
    ({ tags }, index, all) =>
      all.findIndex(
        (row) => JSON.stringify(row.tags) === JSON.stringify(tags) && row.metric === all[index]?.metric,
      ) === index,
  );
  const run: RunResult = {
    ...canonicalRun({ droppedIterations: 12, iterations: 2988 }, metrics),
    server: [
      {
        id: "cpu",
        query: "max(cpu)",
        samples: 40,
        values: [{ labels: { pod: "a" }, value: 0.64 }],
        warnings: [],
        error: null,
      },
    ],
  };
  const criteria = thresholds(
    [
      client(),
      ERRORS,
      client({ id: "p95-tight", bound: { operator: "<=", value: 100 } }),
      client({
        id: "p99-wish",
        severity: "warn",
        stat: { kind: "quantile", q: 0.99 },
        bound: { operator: "<", value: 150 },
      }),
      client({ id: "ghost", tags: { name: "ghost" } }),
    ],
    [server()],
  );
  return { run, verdict: judge(run, criteria, "reports/shop/x/run.json") };
}

/** Every file but the page, which is tested where pages are read: in a browser. */
const rendered = (report: GateReport) =>
  Object.fromEntries(
    Object.entries(reporters)
      .filter(([name]) => name !== "html")
      .flatMap(([, reporter]) => reporter.render(report))
      .map(({ name, text }) => [name, text]),
  );

describe("reporters", () => {
  it.each(Object.entries(rendered(fullReport())))("%s is as agreed", async (name, text) => {
    await expect(text).toMatchFileSnapshot(`golden/${name.replace(".", ".golden.")}`);
  });

  it("the terminal's report is as agreed, and fits 80 columns apart from its sentences", async () => {
    const text = renderTerminal(fullReport(), { color: false, columns: 80 });
    await expect(text).toMatchFileSnapshot("golden/terminal.golden.txt");
    const tables = text
      .split("\n")
      .filter((line) => /^ {2}(✓|✗|!|\?|criterion|endpoint|all|buy|search)/.test(line));
    expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("a list of formats is taken apart; an unknown one is refused with what there is", () => {
    expect(chooseReporters("json, csv")).toEqual([reporters.json, reporters.csv]);
    expect(() => chooseReporters("pdf")).toThrow(/Available: json, junit, markdown, csv/);
    expect(() => chooseReporters("constructor")).toThrow(/unknown format/);
  });

  it("junit counts what it holds", () => {
    const { testsuites } = new XMLParser({
      ignoreAttributes: false,
      isArray: (name) => ["testsuite", "testcase"].includes(name),
    }).parse(rendered(fullReport())["junit.xml"] as string);
    const [validity, criteria] = testsuites.testsuite;
    const having = (key: string) => criteria.testcase.filter((one: object) => key in one).length;
    expect([
      validity["@_errors"],
      criteria["@_tests"],
      criteria["@_failures"],
      criteria["@_errors"],
      criteria["@_skipped"],
    ]).toEqual(["1", "6", "1", "1", "1"]);
    expect([having("failure"), having("error"), having("skipped")]).toEqual([1, 1, 1]);
    expect(Number(testsuites["@_tests"])).toBe(criteria.testcase.length + validity.testcase.length);
  });
});

/** Names a target or file could carry: markup, formulas, escapes, control characters, odd Unicode. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil")',
    "\u001b[2J\u001b]0;owned\u0007",
    "a|b\nc",
    "]]>",
    "`rm`",
    "\u0000",
    "\ud800",
    "@SUM(A1)",
    "](javascript:x)",
  ),
);

describe("hostile text", () => {
  it("stays text in every format", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const report = fullReport(text);
        const run = {
          ...report.run,
          asked: { ...report.run.asked, target: text, command: text },
          evidence: { ...report.run.evidence, log: [text] },
        };
        const verdict = {
          ...report.verdict,
          criteria: report.verdict.criteria.map((criterion) => ({
            ...criterion,
            id: text,
            why: text,
            note: text,
          })),
          notices: [text],
        };
        const files = rendered({ run, verdict });
        expect(XMLValidator.validate(files["junit.xml"] as string)).toBe(true);
        expect(files["summary.md"]).not.toMatch(/<script|(?<!\\)\]\(javascript/);
        const lines = (files["summary.md"] as string).split("\n").filter((line) => line.startsWith("| "));
        expect(new Set(lines.map((line) => line.split(/(?<!\\)\|/).length)).size).toBeLessThanOrEqual(2);
        for (const cell of (files["summary.csv"] as string).split(/[\n,]/))
          expect(cell).not.toMatch(/^"?[=@]/);
        for (const name of Object.keys(files).filter((name) => name !== "verdict.json")) {
          expect(files[name], name).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
        }
        expect(renderTerminal({ run, verdict }, { color: false, columns: 80 })).not.toMatch(
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/,
        );
        expect(renderTerminal({ run, verdict }, { color: true, columns: 80 })).not.toMatch(
          /\u001b(?!\[(1|2|22|3[1-9]|39)m)/,
        );
      }),
      { numRuns: 300 },
    );
  });
});
