import { create } from "xmlbuilder2";
import type { JudgedCriterion } from "../model/verdict.ts";
import type { GateReport, Reporter } from "./report.ts";
import { stripControls } from "./safe-text.ts";
import { intervalCell, limitCell, observedCell } from "./words.ts";

export const junit: Reporter = {
  describes: "junit.xml: a test case per criterion, for the CI's test view",
  render: (report) => [{ name: "junit.xml", text: renderJunit(report) }],
};

/**
 * Suites: `validity`, one error per reason, and `criteria`, one case each. A broken warn criterion is a skipped case,
 * because JUnit knows no warning and a failure would turn the pipeline red.
 */
function renderJunit({ run, verdict }: GateReport): string {
  const gates = verdict.criteria.filter((criterion) => criterion.status === "fail");
  const absent = verdict.criteria.filter((criterion) => criterion.status === "no-data");
  const warned = verdict.criteria.filter((criterion) => criterion.status === "warn");
  const seconds = (run.evidence.durationMs / 1000).toFixed(3);
  const name = stripControls(`${verdict.system} ${verdict.scenario}`);

  const root = create({ version: "1.0", encoding: "UTF-8" }).ele("testsuites", {
    name: `headroom ${name}`,
    tests: verdict.criteria.length + 1,
    failures: gates.length,
    errors: absent.length + (verdict.reasons.length > 0 ? 1 : 0),
    time: seconds,
  });
  const validity = root.ele("testsuite", {
    name: `${name} validity`,
    tests: 1,
    failures: 0,
    errors: verdict.reasons.length > 0 ? 1 : 0,
    skipped: 0,
    time: "0",
    timestamp: run.startedAt.slice(0, 19),
  });
  const valid = validity.ele("testcase", {
    name: "the run proves something",
    classname: `${name}.validity`,
    time: "0",
  });
  if (verdict.reasons.length > 0) {
    const text = verdict.reasons
      .map(({ code, message, remedy }) => `${code}: ${message}\n  ${remedy}`)
      .join("\n");
    valid
      .ele("error", { message: stripControls(verdict.reasons[0]?.message ?? ""), type: "inconclusive" })
      .txt(stripControls(text));
  }
  const suite = root.ele("testsuite", {
    name: `${name} criteria`,
    tests: verdict.criteria.length,
    failures: gates.length,
    errors: absent.length,
    skipped: warned.length,
    time: seconds,
    timestamp: run.startedAt.slice(0, 19),
  });
  for (const criterion of verdict.criteria) {
    const testcase = suite.ele("testcase", {
      name: stripControls(criterion.id),
      classname: `${name}.${criterion.kind}`,
      time: "0",
    });
    const said = { message: stripControls(describe(criterion)) };
    if (criterion.status === "fail")
      testcase.ele("failure", { ...said, type: "sla" }).txt(stripControls(criterion.why));
    if (criterion.status === "no-data")
      testcase.ele("error", { ...said, type: "no-data" }).txt(stripControls(criterion.note ?? ""));
    // As text: Jenkins' schema gives a skipped case no message.
    if (criterion.status === "warn") testcase.ele("skipped").txt(`warning: ${said.message}`);
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function describe(criterion: JudgedCriterion): string {
  const interval = intervalCell(criterion);
  const range = interval ? `, 95% interval ${interval}` : "";
  return `${criterion.where} ${criterion.stat} is ${observedCell(criterion)}, limit ${limitCell(criterion)}${range}, ${criterion.samples} samples`;
}
