import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/comparison/compare-runs.ts";
import { USUAL_CRITERIA } from "../../src/comparison/usual-criteria.ts";
import { judge } from "../../src/gate/judge.ts";
import { RunResult } from "../../src/model/run.ts";
import { reporters } from "../../src/reporters/index.ts";
import { renderTerminal } from "../../src/reporters/terminal.ts";
import { parseThresholds } from "../../src/systems/thresholds-file.ts";
import { canonicalRun, client, ERRORS, thresholds } from "../canonical.ts";
import { simulatedRun } from "../simulated-run.ts";
import { mutationsOf, textMutationsOf } from "./mutate.ts";
import { corpus, refusesOr, samples } from "./properties.ts";

const wide = { color: true, columns: 120 };

describe("what the gate reads, mutated", { timeout: 1_200_000 }, () => {
  it("thresholds", () => {
    for (const text of corpus("thresholds"))
      samples(
        fc.property(textMutationsOf(text), (broken) => {
          refusesOr(() => parseThresholds(broken, "x.yaml"));
        }) as never,
        1000,
      );
  });

  it("run.json: what its schema takes is judged, compared and rendered, and never passes on nothing", () => {
    const good = simulatedRun(1, [{ name: "search", perSecond: 5, medianMs: 40, sigma: 0.5 }], {
      seconds: 12,
    });
    const criteria = thresholds([client(), ERRORS]);
    let taken = 0;
    samples(
      fc.property(mutationsOf({ ...good, evidence: canonicalRun().evidence }), (broken) => {
        const run = RunResult.safeParse(broken);
        if (!run.success) return;
        taken++;
        const comparison = compareRuns([good], [run.data], USUAL_CRITERIA);
        const verdict = judge(run.data, criteria, "run.json", comparison);
        if (verdict.status === "pass")
          for (const { severity, observed } of verdict.criteria)
            if (severity === "gate") expect(observed).not.toBeNull();
        for (const reporter of Object.values(reporters))
          reporter.render({ run: run.data, verdict, comparison });
        renderTerminal({ run: run.data, verdict }, wide);
      }) as never,
      2000,
    );
    expect(taken).toBeGreaterThan(200);
  });

  it("leave every prototype as it was", () => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
