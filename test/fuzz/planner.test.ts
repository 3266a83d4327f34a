import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePlans } from "../../src/comparison/compare-plans.ts";
import { Capacity } from "../../src/model/capacity.ts";
import { History } from "../../src/model/history.ts";
import { Plan } from "../../src/model/plan.ts";
import { forecastDemand } from "../../src/planner/demand/forecast-demand.ts";
import { makePlan } from "../../src/planner/make-plan.ts";
import { loadCatalogue, parseProfile } from "../../src/planner/profile/load-profile.ts";
import { parseSeriesCsv } from "../../src/planner/series-csv.ts";
import { parseAnswer, parseRange } from "../../src/prometheus/series.ts";
import { capacityReporters } from "../../src/reporters/capacity/index.ts";
import { renderCapacityTerminal } from "../../src/reporters/capacity/terminal.ts";
import { planReporters } from "../../src/reporters/plan/index.ts";
import { renderPlanTerminal } from "../../src/reporters/plan/terminal.ts";
import { normal, seededRandom } from "../../src/stats/random.ts";
import { parseYaml } from "../../src/systems/read-yaml.ts";
import { canonicalPlan } from "../canonical-plan.ts";
import { mutationsOf, textMutationsOf } from "./mutate.ts";
import { corpus, refusesOr, samples } from "./properties.ts";

const wide = { color: true, columns: 120 };

describe("what the planner reads, mutated", { timeout: 1_200_000 }, () => {
  it("profiles", () => {
    for (const text of corpus("profiles"))
      samples(
        fc.property(textMutationsOf(text), (broken) => {
          refusesOr(() => parseProfile(parseYaml(broken, "x.yaml"), "x.yaml"));
        }) as never,
        1000,
      );
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
        const again = Plan.safeParse(JSON.parse(JSON.stringify(plan)));
        expect(again.error?.issues ?? []).toEqual([]);
      }) as never,
      300,
    );
  });

  it("histories with days missing: a forecast in order, or a reason that is true", () => {
    const history = fc.record({
      length: fc.integer({ min: 30, max: 150 }),
      gaps: fc.array(
        fc.record({ from: fc.integer({ min: 0, max: 150 }), days: fc.integer({ min: 1, max: 12 }) }),
        {
          maxLength: 6,
        },
      ),
      level: fc.constantFrom(0, 1e-6, 1, 1e9),
      noise: fc.constantFrom(0, 0.02, 0.5),
      horizonDays: fc.constantFrom(1, 7, 28, 90),
      seed: fc.nat(),
    });
    let forecast = 0;
    samples(
      fc.property(history, ({ length, gaps, level, noise, horizonDays, seed }) => {
        const random = seededRandom(seed);
        const isMissing = (day: number) => gaps.some(({ from, days }) => day >= from && day < from + days);
        const values = Array.from({ length }, (_, day) => {
          const value = level * (1 + day / 100) * Math.exp(noise * normal(random));
          return new Array<number | null>(24).fill(isMissing(day) ? null : value);
        }).flat();
        const { row, path } = forecastDemand(
          { id: "requests", unit: "per-second", kind: "flow" },
          { id: "requests", query: "", values, resets: 0, truncated: false, warnings: [], failure: null },
          {
            startMs: 0,
            stepMs: 3_600_000,
            endMs: length * 86_400_000,
            horizonDays,
            additions: { growth: 0, events: [] },
            operators: null,
          },
        );
        if (path === null) {
          const days = /^too short: (\d+)/.exec("refused" in row ? row.refused : "")?.[1] ?? "0";
          expect(Number(days)).toBeLessThan(35);
          return;
        }
        forecast++;
        for (const [day, p50] of path.p50.entries()) {
          expect(path.p10[day]).toBeLessThanOrEqual(p50);
          expect(path.p90[day]).toBeGreaterThanOrEqual(p50);
        }
        expect([...path.p10, ...path.p90].every(Number.isFinite)).toBe(true);
      }) as never,
      150,
    );
    expect(forecast).toBeGreaterThan(75);
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
