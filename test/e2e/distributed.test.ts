import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { findRow } from "../../src/model/metric-row.ts";
import type { RunResult } from "../../src/model/run.ts";
import { headroom, settled, settledGate, temporaryFolder, withTestbed } from "./cli.ts";
import { exportedRun, judge, LOAD, startGenerator } from "./generators.ts";
import { withPrometheus } from "./prometheus-server.ts";

/** Limits that every generator alone is on the wrong side of, or may be. */
const THRESHOLDS = `schema: headroom/thresholds@1
system: ralph
client:
  - { id: p95, metric: http_req_duration, phase: steady, stat: p95, below: 500ms, severity: gate, why: one generator of three sees a slow part of the world }
  - { id: throughput, metric: http_reqs, phase: steady, stat: rate, min: 90/s, severity: gate, why: each generator makes a third of the load }
  - { id: failures, metric: http_reqs, tags: { status: "500" }, stat: count, max: 100, severity: gate, why: each generator sees a third of the failures }
  - { id: errors, metric: http_req_failed, stat: rate, max: 20%, severity: gate, why: a tenth of the answers is meant to fail }
  - { id: health-errors, metric: http_req_failed, endpoint: health, stat: rate, max: 50%, severity: gate, why: too few of all requests to break the criterion on all }
  - { id: start-errors, metric: http_req_failed, endpoint: orchestration-start, stat: rate, max: 50%, severity: gate, why: too few of all requests to break the criterion on all }
  - { id: median, metric: http_req_duration, endpoint: orchestrations, stat: p50, max: 33ms, severity: warn, why: a limit in the middle of a bucket of the histogram }
`;

/**
 * Each k6 may begin the last iteration of its share or not: it is due at the very end. And an iteration that a user is
 * in when the run ends is cut.
 */
const mayMiss = (generators: number, { evidence }: RunResult) => generators + (evidence.usersSeen ?? 0);
const missed = ({ evidence }: RunResult) =>
  Math.abs((evidence.plannedIterations ?? Number.NaN) - (evidence.iterations ?? Number.NaN));

const nearestRank = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length - 1e-9)) - 1] as number;

describe.skipIf(inject("k6") === null || inject("prometheus") === null)(
  "the load of several generators",
  () => {
    it("gets the verdict that no generator alone would give, and every figure as the samples have it", async () => {
      const thresholds = join(temporaryFolder(), "ralph.yaml");
      writeFileSync(thresholds, THRESHOLDS);
      await withTestbed(["ralph", "--errors", "10%"], (usual) =>
        withTestbed(["ralph", "--errors", "10%", "--slow", "health=700ms"], (slow) =>
          withPrometheus({ writable: true }, async (prometheus) => {
            const held = ["--thresholds", thresholds];
            const { verdict, run, exitCode, generators, runId } = await settled(async (attempt) => {
              const runId = `three-${attempt}`;
              const manifest = await exportedRun(prometheus, usual, runId, 3, held);
              const generators = [1, 2, 3].map((index) =>
                startGenerator(manifest, index, index === 1 ? slow : usual),
              );
              const gated = await judge(prometheus, runId, [...held, "--wait", "60s"]);
              await Promise.all(generators.map(({ ended }) => ended));
              return { ...gated, generators, runId };
            });
            expect(verdict.reasons.map(({ message }) => message)).toEqual([]);
            expect(missed(run)).toBeLessThanOrEqual(mayMiss(3, run));
            expect(run.evidence.generators).toMatchObject({ begun: ["1", "2", "3"], unaccounted: 0 });

            const requests = run.timeline.series.find(
              ({ metric, endpoint }) => metric === "requests" && endpoint === null,
            );
            const alone = generators.map((generator) => generator.samples());
            const all = alone.flat();
            // The load was there from the first moment, and so is what the store says of it.
            const meanPerSecond = all.length / (run.evidence.durationMs / 1000);
            expect(requests?.values[0]).toBeGreaterThan(meanPerSecond / 2);

            for (const row of run.metrics.filter(({ metric }) => metric === "http_req_duration")) {
              const samples = all
                .filter(({ tags }) => Object.entries(row.tags).every(([key, value]) => tags[key] === value))
                .map(({ ms }) => ms);
              expect(row.samples, JSON.stringify(row.tags)).toBe(samples.length);
              expect(row.avg).toBeCloseTo(samples.reduce((sum, ms) => sum + ms, 0) / samples.length, 2);
              run.quantileGrid.forEach((q, index) => {
                const [low, high] = row.quantileBounds?.[index] ?? [Number.NaN, Number.NaN];
                const truth = nearestRank(samples, q);
                expect(truth, `${JSON.stringify(row.tags)} ${q}`).toBeGreaterThanOrEqual(low - 0.001);
                expect(truth).toBeLessThanOrEqual(high + 0.001);
              });
            }

            const seen = (samples: typeof all) => {
              const steady = samples.filter(({ tags }) => tags.phase === "steady");
              return {
                p95:
                  nearestRank(
                    steady.map(({ ms }) => ms),
                    0.95,
                  ) < 500,
                throughput: steady.length / (((run.asked.load?.totalMs ?? 0) * 6) / 7 / 1000) >= 90,
                failures: samples.filter(({ tags }) => tags.status === "500").length <= 100,
              };
            };
            expect(alone.map(seen)).toEqual([
              { p95: false, throughput: false, failures: true },
              { p95: true, throughput: false, failures: true },
              { p95: true, throughput: false, failures: true },
            ]);
            expect(seen(all)).toEqual({ p95: true, throughput: true, failures: false });
            const status = Object.fromEntries(verdict.criteria.map(({ id, status }) => [id, status]));
            const lists = all.filter(({ tags }) => tags.name === "orchestrations").map(({ ms }) => ms);
            expect(status).toEqual({
              p95: "pass",
              "health-errors": "pass",
              "start-errors": "pass",
              throughput: "pass",
              failures: "fail",
              errors: "pass",
              median: nearestRank(lists, 0.5) <= 33 ? "pass" : "warn",
            });
            expect([verdict.status, exitCode]).toEqual(["fail", 1]);

            // A limit that nobody counted the breaches of is decided by the buckets, or not at all.
            const row = findRow(run.metrics, "http_req_duration", { name: "orchestrations" });
            const [low, high] = row?.quantileBounds?.[run.quantileGrid.indexOf(0.5)] ?? [0, 0];
            const stricter = join(temporaryFolder(), "ralph.yaml");
            const changed = THRESHOLDS.replace("500ms", "20ms").replace("33ms", `${(low + high) / 2}ms`);
            writeFileSync(stricter, changed);
            const other = await judge(prometheus, runId, ["--thresholds", stricter]);
            const [p95, median] = ["p95", "median"].map((id) =>
              other.verdict.criteria.find((criterion) => criterion.id === id),
            );
            expect([p95?.status, median?.status]).toEqual(["fail", "no-data"]);
            expect(median?.note).toContain("the store keeps durations in buckets");

            const again = await headroom([
              ...["judge", "--from-prometheus", prometheus, "--run-id", runId],
              ...["--thresholds", thresholds, "--json", "--out", temporaryFolder()],
            ]);
            expect(JSON.parse(again.stdout).criteria).toEqual(verdict.criteria);
          }),
        ),
      );
    });

    it("is the load of one: the same iterations, the same latencies", async () => {
      await withTestbed(["ralph"], (url) =>
        withPrometheus({ writable: true }, async (prometheus) => {
          const many = await settled(async (attempt) => {
            const runId = `as-one-${attempt}`;
            const manifest = await exportedRun(prometheus, url, runId, 4);
            const generators = [1, 2, 3, 4].map((index) => startGenerator(manifest, index));
            const gated = await judge(prometheus, runId, ["--wait", "60s"]);
            await Promise.all(generators.map(({ ended }) => ended));
            return gated;
          });
          const one = await settledGate(["ralph", "--target", url, "--engine", "k6", ...LOAD]);
          expect([many.exitCode, one.exitCode]).toEqual([0, 0]);
          expect(many.verdict.criteria.map(({ id, status }) => [id, status])).toEqual(
            one.verdict.criteria.map(({ id, status }) => [id, status]),
          );
          expect(many.run.evidence.plannedIterations).toBe(one.run.evidence.plannedIterations);
          expect(missed(many.run)).toBeLessThanOrEqual(mayMiss(4, many.run));
          expect(missed(one.run)).toBeLessThanOrEqual(mayMiss(1, one.run));
          // Two loads of one target at different times: the middle of one lies in the middle half of the other.
          const steady = ({ metrics, quantileGrid }: RunResult, q: number) =>
            findRow(metrics, "http_req_duration", { phase: "steady" })?.quantiles?.[
              quantileGrid.indexOf(q)
            ] ?? Number.NaN;
          expect(steady(many.run, 0.5)).toBeGreaterThan(steady(one.run, 0.25));
          expect(steady(many.run, 0.5)).toBeLessThan(steady(one.run, 0.75));
        }),
      );
    });
  },
);
