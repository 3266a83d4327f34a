import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePlans } from "../../src/comparison/compare-plans.ts";
import { compareRuns } from "../../src/comparison/compare-runs.ts";
import { USUAL_CRITERIA } from "../../src/comparison/usual-criteria.ts";
import { judge } from "../../src/gate/judge.ts";
import { Capacity } from "../../src/model/capacity.ts";
import { History } from "../../src/model/history.ts";
import { Plan } from "../../src/model/plan.ts";
import { InputError } from "../../src/model/problem.ts";
import { RunResult } from "../../src/model/run.ts";
import { makePlan } from "../../src/planner/make-plan.ts";
import { loadCatalogue, parseProfile } from "../../src/planner/profile/load-profile.ts";
import { parseSeriesCsv } from "../../src/planner/series-csv.ts";
import { parseAnswer, parseRange } from "../../src/prometheus/series.ts";
import { capacityReporters } from "../../src/reporters/capacity/index.ts";
import { renderCapacityTerminal } from "../../src/reporters/capacity/terminal.ts";
import { reporters } from "../../src/reporters/index.ts";
import { planReporters } from "../../src/reporters/plan/index.ts";
import { renderPlanTerminal } from "../../src/reporters/plan/terminal.ts";
import { renderTerminal } from "../../src/reporters/terminal.ts";
import { parseYaml } from "../../src/systems/read-yaml.ts";
import { parseThresholds } from "../../src/systems/thresholds-file.ts";
import { canonicalRun, client, ERRORS, thresholds } from "../canonical.ts";
import { canonicalPlan } from "../canonical-plan.ts";
import { simulatedRun } from "../simulated-run.ts";
import { mutationsOf, textMutationsOf } from "./mutate.ts";

/** Broken files are either understood or refused with problems a person can mend; anything else thrown is a defect. */
function refusesOr<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    expect(thrown.problems.length).toBeGreaterThan(0);
    for (const { message, remedy } of thrown.problems) {
      expect(message.length).toBeGreaterThan(0);
      expect(remedy.length).toBeGreaterThan(0);
    }
    return null;
  }
}

const wide = { color: true, columns: 120 };
const corpus = (kind: string) =>
  readdirSync(join("test/fixtures", kind, "good")).map((name) =>
    readFileSync(join("test/fixtures", kind, "good", name), "utf8"),
  );
/** The same cases every time; FUZZ=20 FUZZ_SEED=7 looks at twenty times as many others. */
const samples = (property: fc.IPropertyWithHooks<unknown>, numRuns: number) =>
  fc.assert(property, {
    numRuns: numRuns * Number(process.env.FUZZ ?? 1),
    seed: Number(process.env.FUZZ_SEED ?? 1),
    endOnFailure: true,
  });

describe("mutated files", { timeout: 1_200_000 }, () => {
  it("thresholds", () => {
    for (const text of corpus("thresholds"))
      samples(
        fc.property(textMutationsOf(text), (broken) => {
          refusesOr(() => parseThresholds(broken, "x.yaml"));
        }) as never,
        1000,
      );
  });

  it("profiles", () => {
    for (const text of corpus("profiles"))
      samples(
        fc.property(textMutationsOf(text), (broken) => {
          refusesOr(() => parseProfile(parseYaml(broken, "x.yaml"), "x.yaml"));
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

  it("plan.json: what its schema takes is rendered and compared", () => {
    const good = canonicalPlan();
    samples(
      fc.property(mutationsOf(good), (broken) => {
        const plan = Plan.safeParse(broken);
        if (!plan.success) return;
        for (const reporter of Object.values(planReporters)) reporter.render(plan.data);
        renderPlanTerminal(plan.data, wide);
        comparePlans(good, plan.data);
        comparePlans(plan.data, good);
      }) as never,
      2000,
    );
  });

  it("capacity.json: what its schema takes is rendered", () => {
    const good = JSON.parse(readFileSync("test/fixtures/capacity.json", "utf8"));
    const step = {
      offered: 10,
      achieved: 10,
      sustained: null,
      meanMs: 5,
      p95Ms: 9,
      errorRatio: 0,
      concurrency: 0.05,
      valid: true,
      holds: true,
      brokenBy: null,
    };
    const usl = {
      alpha: 0.02,
      beta: 0.001,
      gamma: 30,
      peakConcurrency: 31,
      intervals: { alpha: { low: 0, high: 1 } },
    };
    samples(
      fc.property(
        mutationsOf({ ...good, usl, steps: [step, { ...step, achieved: 20, concurrency: 2 }] }),
        (broken) => {
          const capacity = Capacity.safeParse(broken);
          if (!capacity.success) return;
          for (const reporter of Object.values(capacityReporters)) reporter.render(capacity.data);
          renderCapacityTerminal(capacity.data, wide);
        },
      ) as never,
      2000,
    );
  });

  it("snapshots: what the schema takes is planned or refused, never a number from nothing", () => {
    const profile = parseProfile(parseYaml(readFileSync("profiles/ralph.yaml", "utf8"), "x"), "x");
    const catalogue = loadCatalogue("profiles/catalogue/aws.yaml", "x");
    const sample = JSON.parse(readFileSync("profiles/samples/ralph.json", "utf8")) as History;
    const days = 40;
    const good = {
      ...sample,
      start: new Date(Date.parse(sample.end) - days * 86_400_000).toISOString(),
      signals: sample.signals.map((signal) => ({ ...signal, values: signal.values.slice(-days * 24 - 1) })),
    };
    samples(
      fc.property(mutationsOf(good), (broken) => {
        const history = History.safeParse(broken);
        if (!history.success) return;
        const plan = makePlan({
          profile,
          history: history.data,
          catalogue,
          horizonDays: 30,
          additions: { growth: 0, events: [] },
          measured: null,
        });
        for (const line of plan.sizing)
          if (!("refused" in line))
            for (const value of [line.need.p50, line.need.p90, line.recommended])
              expect(Number.isFinite(value), line.resource).toBe(true);
        expect(Plan.safeParse(JSON.parse(JSON.stringify(plan))).success).toBe(true);
      }) as never,
      300,
    );
  });

  it("series in CSV", () => {
    samples(
      fc.property(textMutationsOf('id,1,2,3\na,1,2,3.5\n"b",4,5,\n'), (broken) => {
        refusesOr(() => parseSeriesCsv(broken, "x.csv"));
      }) as never,
      2000,
    );
  });

  it("answers of Prometheus: numbers or nothing, in order", () => {
    const good = {
      status: "success",
      data: {
        resultType: "matrix",
        result: [
          {
            metric: { pod: "a" },
            values: [
              [1, "1"],
              [2, "2.5"],
              [3, "NaN"],
            ],
          },
        ],
      },
    };
    samples(
      fc.property(mutationsOf(good), (broken) => {
        const read = [parseRange(broken), parseAnswer(broken)].flatMap((answer) => answer?.series ?? []);
        for (const { timesMs, values } of read) {
          expect(timesMs.length).toBe(values.length);
          expect([...values, ...timesMs].every(Number.isFinite)).toBe(true);
          expect([...timesMs]).toEqual([...timesMs].sort((a, b) => a - b));
        }
      }) as never,
      2000,
    );
  });

  it("leave every prototype as it was", () => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
