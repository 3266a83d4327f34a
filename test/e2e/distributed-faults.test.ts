import { describe, expect, inject, it } from "vitest";
import { findMarks } from "../../src/engines/distributed/find-run.ts";
import { PrometheusClient } from "../../src/prometheus/client.ts";
import { connectionFrom } from "../../src/prometheus/connection.ts";
import { headroom, withTestbed } from "./cli.ts";
import { exportedRun, judge, startGenerator } from "./generators.ts";
import { withPrometheus } from "./prometheus-server.ts";
import { until } from "./wait.ts";

/** How many generators of a run the store has a mark of. */
const begun = async (prometheus: string, runId: string) =>
  (await findMarks(new PrometheusClient(connectionFrom(prometheus, {})), runId))?.begun.size;

describe
  .skipIf(inject("k6") === null || inject("prometheus") === null)
  .concurrent("a load of several generators", () => {
    it("proves nothing when a generator never came and another was killed", async () => {
      await withTestbed(["ralph"], (url) =>
        withPrometheus({ writable: true }, async (prometheus) => {
          const manifest = await exportedRun(prometheus, url, "two-of-three", 3);
          const generators = [1, 2].map((index) => startGenerator(manifest, index));
          await until(async () => (await begun(prometheus, "two-of-three")) === 2, "two that began");
          generators[1]?.kill();
          const { verdict, exitCode } = await judge(prometheus, "two-of-three");
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
          const manifest = await exportedRun(prometheus, url, "twice", 1, ["--duration", "5s"]);
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
