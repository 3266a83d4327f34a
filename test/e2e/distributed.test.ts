import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { findRow, type RunResult } from "../../src/model/run.ts";
import { gate, headroom, temporaryFolder, withTestbed } from "./cli.ts";
import { exported, startGenerator } from "./generators.ts";
import { withPrometheus } from "./prometheus-server.ts";

const LOAD = ["--scenario", "smoke", "--duration", "18s", "--rate", "120"];

/** Limits that every generator alone is on the wrong side of, or may be. */
const THRESHOLDS = `schema: headroom/thresholds@1
system: ralph
client:
  - { id: p95, metric: http_req_duration, phase: steady, stat: p95, below: 500ms, severity: gate, why: one generator of three sees a slow part of the world }
  - { id: throughput, metric: http_reqs, phase: steady, stat: rate, min: 90/s, severity: gate, why: each generator makes a third of the load }
  - { id: failures, metric: http_reqs, tags: { status: "500" }, stat: count, max: 120, severity: gate, why: each generator sees a third of the failures }
  - { id: errors, metric: http_req_failed, stat: rate, max: 20%, severity: gate, why: a tenth of the answers is meant to fail }
  - { id: median, metric: http_req_duration, endpoint: orchestrations, stat: p50, max: 33ms, severity: warn, why: a limit in the middle of a bucket of the histogram }
`;

/** Each k6 may begin the last iteration of its share or not: it is due at the very end. */
const missed = ({ evidence }: RunResult) =>
  Math.abs((evidence.plannedIterations ?? Number.NaN) - (evidence.iterations ?? Number.NaN));

const nearestRank = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length - 1e-9)) - 1] as number;

describe
  .skipIf(inject("k6") === null || inject("prometheus") === null)
  .concurrent("the load of several generators", () => {
    const whole = (prometheus: string, target: string, runId: string, n: number, more: string[] = []) =>
      exported([
        "ralph",
        ...["--target", target, "--parallelism", String(n), "--run-id", runId],
        ...["--remote-write", `${prometheus}/api/v1/write`, ...LOAD, ...more],
      ]);
    const judge = (prometheus: string, runId: string, more: string[] = []) =>
      gate(["--from-prometheus", prometheus, "--run-id", runId, ...more]);

    it("gets the verdict that no generator alone would give, and every figure as the samples have it", async () => {
      const thresholds = join(temporaryFolder(), "ralph.yaml");
      writeFileSync(thresholds, THRESHOLDS);
      await withTestbed(["ralph", "--errors", "10%"], (usual) =>
        withTestbed(["ralph", "--errors", "10%", "--slow", "health=700ms"], (slow) =>
          withPrometheus({ writable: true }, async (prometheus) => {
            const manifest = await whole(prometheus, usual, "three", 3, ["--thresholds", thresholds]);
            const generators = [1, 2, 3].map((index) =>
              startGenerator(manifest, index, index === 1 ? slow : usual),
            );
            const { verdict, run, exitCode } = await judge(prometheus, "three", [
              ...["--thresholds", thresholds, "--wait", "20s"],
            ]);
            await Promise.all(generators.map(({ ended }) => ended));
            expect(verdict.reasons).toEqual([]);
            expect(missed(run)).toBeLessThanOrEqual(generators.length);
            expect(run.evidence.generators).toMatchObject({ begun: ["1", "2", "3"], unaccounted: 0 });

            const requests = run.timeline.series.find(
              ({ metric, endpoint }) => metric === "requests" && endpoint === null,
            );
            // The load was there from the first moment, and so is what the store says of it.
            expect(requests?.values[0]).toBeGreaterThan(60);

            const alone = generators.map((generator) => generator.samples());
            const all = alone.flat();
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
                failures: samples.filter(({ tags }) => tags.status === "500").length <= 120,
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
            const other = await judge(prometheus, "three", ["--thresholds", stricter]);
            const [p95, median] = ["p95", "median"].map((id) =>
              other.verdict.criteria.find((criterion) => criterion.id === id),
            );
            expect([p95?.status, median?.status]).toEqual(["fail", "no-data"]);
            expect(median?.note).toContain("the store keeps durations in buckets");

            const again = await headroom([
              ...["judge", "--from-prometheus", prometheus, "--run-id", "three"],
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
          const manifest = await whole(prometheus, url, "as-one", 4);
          const generators = [1, 2, 3, 4].map((index) => startGenerator(manifest, index));
          const many = await judge(prometheus, "as-one", ["--wait", "20s"]);
          await Promise.all(generators.map(({ ended }) => ended));
          const one = await gate(["ralph", "--target", url, "--engine", "k6", ...LOAD]);
          expect([many.exitCode, one.exitCode]).toEqual([0, 0]);
          expect(many.verdict.criteria.map(({ id, status }) => [id, status])).toEqual(
            one.verdict.criteria.map(({ id, status }) => [id, status]),
          );
          expect(many.run.evidence.plannedIterations).toBe(one.run.evidence.plannedIterations);
          expect(missed(many.run)).toBeLessThanOrEqual(generators.length);
          expect(missed(one.run)).toBeLessThanOrEqual(1);
          const median = ({ metrics, quantileGrid }: typeof one.run) =>
            findRow(metrics, "http_req_duration", { phase: "steady" })?.quantiles?.[
              quantileGrid.indexOf(0.5)
            ] ?? Number.NaN;
          expect(median(many.run) / median(one.run)).toBeGreaterThan(0.8);
          expect(median(many.run) / median(one.run)).toBeLessThan(1.25);
        }),
      );
    });

    it("proves nothing when a generator never came and another was killed", async () => {
      await withTestbed(["ralph"], (url) =>
        withPrometheus({ writable: true }, async (prometheus) => {
          const manifest = await whole(prometheus, url, "two-of-three", 3);
          const generators = [1, 2].map((index) => startGenerator(manifest, index));
          setTimeout(() => generators[1]?.kill(), 9000);
          const { verdict, exitCode } = await judge(prometheus, "two-of-three", ["--wait", "20s"]);
          await Promise.all(generators.map(({ ended }) => ended));
          expect([verdict.status, exitCode]).toEqual(["inconclusive", 4]);
          const codes = verdict.reasons.map(({ code }) => code);
          expect(codes).toEqual(expect.arrayContaining(["generators-missing", "generators-unended"]));
          expect(verdict.reasons.map(({ message }) => message).join()).toContain(
            "2 of 3 generators are seen (1, 2)",
          );
        }),
      );
    });

    it("is not taken for a run that bears the same name", async () => {
      await withTestbed(["ralph"], (url) =>
        withPrometheus({ writable: true }, async (prometheus) => {
          const manifest = await whole(prometheus, url, "twice", 1, ["--duration", "5s"]);
          await startGenerator(manifest, 1).ended;
          await startGenerator(manifest, 1).ended;
          const { verdict } = await judge(prometheus, "twice");
          expect(verdict.reasons.map(({ code }) => code)).toContain("generators-repeated");
          const unknown = await headroom(["gate", "--from-prometheus", prometheus, "--run-id", "unknown"]);
          expect(unknown.exitCode).toBe(3);
          expect(unknown.stderr).toContain("holds nothing of a run unknown");
          const other = await headroom([
            "gate",
            "pynomaly",
            "--from-prometheus",
            prometheus,
            "--run-id",
            "twice",
          ]);
          expect([other.exitCode, other.stderr]).toEqual([
            2,
            expect.stringContaining("twice is a run of ralph"),
          ]);
          const changed = await headroom([
            "gate",
            "--from-prometheus",
            prometheus,
            "--run-id",
            "twice",
            "--target",
            url,
          ]);
          expect([changed.exitCode, changed.stderr]).toEqual([
            2,
            expect.stringContaining("--target would make one"),
          ]);
        }),
      );
    });
  });
