import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import { rowsOf } from "../matrix.ts";
import { headroom, settledGate, temporaryFolder, withTestbed } from "./cli.ts";

/** Each shipped system with a fault that its SLA forbids, and the criterion that must name it. */
const SYSTEMS: [system: string, scaling: string[], fault: string[], broken: string][] = [
  ["companion", ["--duration", "32s"], ["--errors", "20%"], "error-ratio"],
  ["ethical-testbed", ["--duration", "12s"], ["--slow", "health=80ms"], "health-p95"],
  ["principles-gym", ["--duration", "12s", "--rate", "80"], ["--slow", "training-status=700ms"], "p95"],
  ["pynomaly", ["--duration", "14s"], ["--slow", "detect=2s"], "p95"],
  ["ralph", ["--duration", "12s", "--rate", "30"], ["--errors", "10%"], "error-ratio-smoke"],
];

const engines = ["k6", "autocannon"] as const;
const isMissing = (engine: string) => engine === "k6" && inject("k6") === null;

// Concurrent: at these rates the runs together use a fraction of two cores, and their limits leave room.
describe.concurrent.each(engines)("a release through %s", (engine) => {
  // The embedded engine takes the same path for every system: one of them shows it.
  const systems = rowsOf(SYSTEMS, ([system]) => engine === "k6" || system === "pynomaly");

  it.skipIf(isMissing(engine)).each(systems)(
    "%s passes under its SLA and fails with a fault it forbids",
    async (system, scaling, fault, broken) => {
      const args = ["--scenario", "smoke", "--engine", engine, ...scaling];
      const good = await withTestbed([system], (url) => settledGate([system, "--target", url, ...args]));
      expect([good.exitCode, good.verdict.status, good.verdict.reasons]).toEqual([0, "pass", []]);
      expect(good.run.engine.name).toBe(engine);
      const faulty = await withTestbed([system, ...fault], (url) =>
        settledGate([system, "--target", url, ...args]),
      );
      expect([faulty.exitCode, faulty.verdict.status]).toEqual([1, "fail"]);
      expect(faulty.verdict.criteria.find(({ id }) => id === broken)?.status).toBe("fail");
    },
  );

  it.skipIf(isMissing(engine))(
    "gives every endpoint its own exact statistics, per phase too, and a timeline",
    async () => {
      const { run } = await withTestbed(["pynomaly"], (url) =>
        settledGate([
          "pynomaly",
          "--target",
          url,
          "--scenario",
          "average",
          "--engine",
          engine,
          "--time-scale",
          "0.008",
          "--load-scale",
          "0.1",
        ]),
      );
      const durations = run.metrics.filter(
        ({ metric, samples }) => metric === "http_req_duration" && samples > 0,
      );
      const tags = durations.map((row) => JSON.stringify(row.tags));
      for (const expected of [
        {},
        { name: "detect" },
        { phase: "steady" },
        { name: "detect", phase: "steady" },
        { name: "detect", step: "3" },
      ]) {
        expect(tags).toContain(JSON.stringify(expected));
      }
      const count = (wanted: object) =>
        durations.find((row) => JSON.stringify(row.tags) === JSON.stringify(wanted))?.samples ?? 0;
      expect(
        count({ name: "health" }) +
          count({ name: "detectors" }) +
          count({ name: "detect" }) +
          count({ name: "login" }) +
          count({ name: "logout" }),
      ).toBe(count({}));
      expect(count({ step: "1" }) + count({ step: "2" }) + count({ step: "3" })).toBe(
        count({ phase: "steady" }),
      );
      const requests =
        run.timeline.series.find(({ metric, endpoint }) => metric === "requests" && endpoint === null)
          ?.values ?? [];
      expect(requests.length).toBeGreaterThanOrEqual(9);
      const recorded = requests.reduce<number>((sum, value) => sum + (value ?? 0), 0);
      expect(recorded / count({})).toBeGreaterThan(0.85);
      expect(run.statusCounts.find(({ status }) => status === 200)?.count).toBe(count({}));
    },
  );
});

describe.skipIf(inject("k6") === null)("plain k6", () => {
  it.each(rowsOf(SYSTEMS, ([system]) => ["pynomaly", "ralph"].includes(system)).map(([system]) => [system]))(
    "runs %s's scenarios without Headroom",
    async (system) => {
      const k6 = inject("k6") as string;
      await withTestbed([system], async (url) => {
        const env = { TARGET: url, HEADROOM_SCALING: '{"durationMs":3000}' };
        const result = await execa(k6, ["run", "--quiet", `scenarios/${system}/smoke.ts`], {
          env,
          reject: false,
        });
        expect(result.exitCode).toBe(0);
        expect(result.stdout).toMatch(/checks_succeeded[^\n]*100\.00%/);
      });
      for (const shape of ["average", "stress", "spike", "soak", "breakpoint"]) {
        const inspected = await execa(k6, ["inspect", `scenarios/${system}/${shape}.ts`], { reject: false });
        expect(inspected.exitCode, `${shape}: ${inspected.stderr}`).toBe(0);
      }
    },
  );
});

describe("a sixth system", () => {
  it("is scaffolded, valid as it stands, and gated against its own testbed from another folder", async () => {
    const folder = temporaryFolder();
    const made = await headroom(["init", "checkout"], { cwd: folder });
    expect([made.exitCode, made.stdout]).toEqual([
      0,
      expect.stringMatching(/wrote thresholds\/checkout\.yaml/),
    ]);
    expect((await headroom(["check"], { cwd: folder })).stdout).toBe("1 system, no problems: checkout");
    const again = await headroom(["init", "checkout"], { cwd: folder });
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringMatching(/exists already/)]);
    await withTestbed(["checkout", "--root", folder], async (url) => {
      const { exitCode } = await settledGate([
        "checkout",
        "--root",
        folder,
        "--target",
        url,
        "--scenario",
        "smoke",
        "--duration",
        "12s",
        "--rate",
        "60",
      ]);
      expect(exitCode).toBe(0);
    });
  });
});
