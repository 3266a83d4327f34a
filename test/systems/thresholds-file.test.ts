import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadThresholds, loadThresholdsFile, parseThresholds } from "../../src/systems/thresholds-file.ts";
import { problemsOf } from "../problems-of.ts";

const CORPUS = "test/fixtures/thresholds";
const files = (kind: "good" | "bad") =>
  readdirSync(join(CORPUS, kind)).map((name) => join(CORPUS, kind, name));

describe("thresholds files", () => {
  it.each(files("good").map((file) => [file]))("%s is understood", (file) =>
    expect(problemsOf(() => loadThresholdsFile(file))).toEqual([]),
  );

  // A bad file says in its first lines which problems must be reported: `# expect: LINE PATH MESSAGE`.
  it.each(files("bad").map((file) => [file]))(
    "%s is refused, each problem with its line and a remedy",
    (file) => {
      const problems = problemsOf(() => loadThresholdsFile(file));
      const told = problems.map(
        ({ line, path, message }) => `${line ?? 0} ${path ? `${path} ` : ""}${message}`,
      );
      const expected = [...readFileSync(file, "utf8").matchAll(/^# expect: (.*)$/gm)].map(
        (match) => match[1] as string,
      );
      expect(expected.length).toBeGreaterThan(0);
      for (const start of expected) expect(told).toContainEqual(expect.stringContaining(start));
      for (const { remedy } of problems) expect(remedy.length).toBeGreaterThan(5);
    },
  );

  it("reads limits in the metric's unit and tags by their meaning", () => {
    const { thresholds } = loadThresholds(".", "pynomaly");
    expect(thresholds.client.map(({ id, bound }) => [id, bound.operator, bound.value])).toEqual([
      ["p95", "<", 1000],
      ["error-ratio", "<", 0.1],
      ["errors", "<", 0.1],
      ["error-ratio-incident", "<=", 0.05],
    ]);
    const health = loadThresholds(".", "ethical-testbed").thresholds.client[0];
    expect(health).toMatchObject({
      tags: { name: "health" },
      phase: "steady",
      stat: { kind: "quantile", q: 0.95 },
      bound: { value: 50 },
    });
    const rollback = loadThresholds(".", "principles-gym").thresholds.client.find(
      ({ abortAfterMs }) => abortAfterMs !== null,
    );
    expect(rollback).toMatchObject({ id: "error-ratio-rollback", bound: { value: 0.1 } });
  });

  it("a file under another system's name is refused", () => {
    expect(problemsOf(() => loadThresholds(".", "nowhere"))[0]?.message).toBe("no such file");
  });

  it("the text kept in run.json gives the same criteria again", () => {
    const { thresholds, text, file } = loadThresholds(".", "ralph");
    expect(parseThresholds(text, file).thresholds).toEqual(thresholds);
  });

  it("keys that reach for a prototype are unknown keys", () => {
    const text =
      "schema: headroom/thresholds@1\nsystem: x\n__proto__: { polluted: yes }\nconstructor: 1\nclient: [{ id: e, metric: http_req_failed, stat: rate, max: 1%, severity: gate, why: long enough to be a reason }]";
    expect(problemsOf(() => parseThresholds(text, "x.yaml")).length).toBeGreaterThan(0);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});
