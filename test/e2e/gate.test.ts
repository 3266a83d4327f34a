import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import type { RunResult } from "../../src/model/run.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { behaving, CLI, gate, headroom, script, temporaryFolder, withServer, withTestbed } from "./cli.ts";

const QUICK = ["--scenario", "smoke", "--duration", "6s"];

describe("what a gate leaves", () => {
  it("writes every report, appends the job summary, and keeps secrets out of all of them", async () => {
    const summary = join(temporaryFolder(), "summary.md");
    writeFileSync(summary, "before\n");
    const env = {
      GITHUB_STEP_SUMMARY: summary,
      HEADROOM_PASSWORD: "canary-password",
      HEADROOM_TOKEN: "canary-token",
    };
    const { folder, verdict } = await withTestbed(["pynomaly"], (url) =>
      gate(["pynomaly", "--target", url.replace("//", "//me:canary-user@"), ...QUICK], { env }),
    );
    expect(readdirSync(folder).sort()).toEqual([
      "junit.xml",
      "report.html",
      "run.json",
      "summary.csv",
      "summary.md",
      "timeline.csv",
      "verdict.json",
    ]);
    expect(JSON.parse(readFileSync(join(folder, "verdict.json"), "utf8"))).toEqual(verdict);
    expect(readFileSync(summary, "utf8")).toMatch(/^before\n## .*pynomaly, smoke/);
    for (const file of readdirSync(folder))
      expect(readFileSync(join(folder, file), "utf8"), file).not.toMatch(/canary/);
  });

  it("writes only the formats asked for, and the terminal report without --json", async () => {
    const folder = temporaryFolder();
    const said = await withTestbed(["ralph"], (url) =>
      headroom([
        "gate",
        "ralph",
        "--target",
        url,
        ...QUICK,
        "--rate",
        "40",
        "--format",
        "junit",
        "--out",
        folder,
      ]),
    );
    expect(said.exitCode).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(["junit.xml", "run.json"]);
    expect(said.stdout).toMatch(/PASS {2}all 2 gate criteria hold/);
    expect(said.stderr).toMatch(/ralph smoke: up to 40 requests\/s \(open\), 6 s/);
  });
});

describe("judge", () => {
  it("flips the verdict with a tightened threshold, without load, and back with the run's own", async () => {
    const { folder } = await withTestbed(["ralph"], (url) =>
      gate(["ralph", "--target", url, ...QUICK, "--rate", "40"]),
    );
    const stricter = join(temporaryFolder(), "stricter.yaml");
    writeFileSync(
      stricter,
      readFileSync("thresholds/ralph.yaml", "utf8").replace("below: 500ms", "below: 5ms"),
    );
    const judged = await headroom(["judge", folder, "--thresholds", stricter, "--json"]);
    const verdict = JSON.parse(judged.stdout) as Verdict;
    expect([
      judged.exitCode,
      verdict.status,
      verdict.criteria.find(({ id }) => id === "p95")?.status,
    ]).toEqual([1, "fail", "fail"]);
    expect((await headroom(["judge", folder])).exitCode).toBe(0);
    const rendered = temporaryFolder();
    expect((await headroom(["report", folder, "--format", "csv", "--out", rendered])).exitCode).toBe(0);
    expect(readdirSync(rendered).sort()).toEqual(["summary.csv", "timeline.csv"]);
  });

  it("refuses what is no run", async () => {
    const file = join(temporaryFolder(), "run.json");
    writeFileSync(file, '{"schema":"headroom/run@1","evidence":{"durationMs":-1}}');
    const { exitCode, stderr } = await headroom(["judge", file]);
    expect(exitCode).toBe(2);
    expect(stderr.split("\n").length).toBeGreaterThan(5);
    expect(stderr).toMatch(/evidence\.durationMs/);
  });
});

describe("a run that does not end well", () => {
  it("an unreachable target is exit 3 before any load", async () => {
    const { exitCode, stderr } = await headroom(["gate", "ralph", "--target", "http://127.0.0.1:1"]);
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/cannot be reached.*Check the URL/)]);
  });

  it.skipIf(inject("k6") === null)(
    "Ctrl-C leaves a complete run, marked, exit 130, and no k6 behind",
    async () => {
      await withServer(behaving, async (url) => {
        const folder = temporaryFolder();
        const child = execa(
          process.execPath,
          [CLI, "gate", "--script", script("long"), "--target", url, "--json", "--out", folder],
          { reject: false, stdin: "ignore" },
        );
        await new Promise((resolve) => setTimeout(resolve, 4500));
        child.kill("SIGINT");
        const { exitCode, stdout } = await child;
        expect(exitCode).toBe(130);
        const verdict = JSON.parse(String(stdout)) as Verdict;
        expect([verdict.status, verdict.interrupted, verdict.reasons[0]?.code]).toEqual([
          "inconclusive",
          true,
          "interrupted",
        ]);
        const run = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunResult;
        expect(run.evidence).toMatchObject({ interrupted: true, summaryComplete: true });
        expect(
          run.timeline.series.find(({ metric }) => metric === "requests")?.values.length,
        ).toBeGreaterThanOrEqual(2);
        expect(existsSync(join(folder, "k6-record.ndjson"))).toBe(false);
      });
    },
  );

  it.skipIf(inject("k6") === null)("Ctrl-C before the load leaves nothing and is exit 130", async () => {
    await withServer(behaving, async (url) => {
      const folder = join(temporaryFolder(), "run");
      const child = execa(
        process.execPath,
        [CLI, "gate", "--script", script("hangs"), "--target", url, "--out", folder],
        { reject: false, stdin: "ignore" },
      );
      await new Promise((resolve) => setTimeout(resolve, 2500));
      child.kill("SIGINT");
      const { exitCode, stderr } = await child;
      expect([exitCode, existsSync(folder)]).toEqual([130, false]);
      expect(stderr).toMatch(/interrupted before the load began/);
    });
  });

  it("Ctrl-C in the embedded engine does the same", async () => {
    await withTestbed(["ralph"], async (url) => {
      const folder = temporaryFolder();
      const child = execa(
        process.execPath,
        [
          CLI,
          "gate",
          "ralph",
          "--target",
          url,
          "--scenario",
          "smoke",
          "--engine",
          "autocannon",
          "--json",
          "--out",
          folder,
        ],
        { reject: false, stdin: "ignore" },
      );
      await new Promise((resolve) => setTimeout(resolve, 4500));
      child.kill("SIGINT");
      const { exitCode, stdout } = await child;
      const verdict = JSON.parse(String(stdout)) as Verdict;
      expect([exitCode, verdict.status, verdict.interrupted]).toEqual([130, "inconclusive", true]);
      const run = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunResult;
      expect(run.metrics.find(({ metric }) => metric === "http_reqs")?.samples).toBeGreaterThan(10);
    });
  });

  it.skipIf(inject("k6") === null)(
    "a k6 that is killed leaves its timeline and an inconclusive verdict",
    async () => {
      await withServer(behaving, async (url) => {
        const folder = temporaryFolder();
        // What a crashed run left in the same folder must not speak for this one.
        const stale = {
          metrics: {},
          state: { testRunDurationMs: 1 },
          root_group: { checks: [], groups: [] },
        };
        writeFileSync(join(folder, "k6-summary.json"), JSON.stringify({ ownError: null, data: stale }));
        const child = execa(
          process.execPath,
          [CLI, "gate", "--script", script("long"), "--target", url, "--json", "--out", folder],
          { reject: false, stdin: "ignore" },
        );
        await new Promise((resolve) => setTimeout(resolve, 4500));
        const { stdout: pid } = await execa("pgrep", ["-f", `k6 run .*${folder}`]);
        process.kill(Number(pid.split("\n")[0]), "SIGKILL");
        const { exitCode, stdout } = await child;
        const verdict = JSON.parse(String(stdout)) as Verdict;
        expect([exitCode, verdict.reasons[0]?.code]).toEqual([4, "summary-missing"]);
        expect(verdict.reasons[0]?.message).toMatch(/SIGKILL/);
        const run = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunResult;
        expect(
          run.timeline.series.find(({ metric }) => metric === "requests")?.values.length,
        ).toBeGreaterThanOrEqual(2);
      });
    },
  );

  it("stops early where a criterion says so, in both engines", async () => {
    for (const engine of inject("k6") === null ? ["autocannon"] : ["k6", "autocannon"]) {
      const thresholds = join(temporaryFolder(), "abort.yaml");
      writeFileSync(
        thresholds,
        readFileSync("thresholds/principles-gym.yaml", "utf8").replace("after: 20s", "after: 3s"),
      );
      const { exitCode, run, verdict } = await withTestbed(["principles-gym", "--errors", "40%"], (url) =>
        gate([
          "principles-gym",
          "--target",
          url,
          "--scenario",
          "smoke",
          "--engine",
          engine,
          "--thresholds",
          thresholds,
        ]),
      );
      expect(exitCode, engine).toBe(1);
      expect(run.evidence.abortedByCriterion, engine).toBe(true);
      expect(run.evidence.durationMs, engine).toBeLessThan(12_000);
      expect(verdict.criteria.find(({ id }) => id === "error-ratio-rollback")?.status, engine).toBe("fail");
    }
  });

  it("a rate limiter in front of the service makes the run inconclusive, not failed", async () => {
    for (const engine of inject("k6") === null ? ["autocannon"] : ["k6", "autocannon"]) {
      const { exitCode, verdict } = await withTestbed(["ralph", "--rate-limit", "100/min"], (url) =>
        gate(["ralph", "--target", url, ...QUICK, "--rate", "40", "--engine", engine]),
      );
      expect([engine, exitCode, verdict.reasons.map(({ code }) => code)]).toEqual([
        engine,
        4,
        expect.arrayContaining(["rate-limited"]),
      ]);
    }
  });
});

describe("bad input is exit 2 and one message", () => {
  it.each([
    [["gate"], /no system named/],
    [["gate", "nope", "--target", "http://127.0.0.1:1"], /unknown system "nope".*pynomaly/],
    [["gate", "ralph"], /no target/],
    [["gate", "ralph", "--target", "example"], /is not a URL/],
    [["gate", "ralph", "--target", "ftp://127.0.0.1"], /neither http nor https/],
    [
      ["gate", "ralph", "--target", "http://127.0.0.1:1", "--scenario", "average2"],
      /unknown scenario.*breakpoint/,
    ],
    [["gate", "ralph", "--target", "http://127.0.0.1:1", "--time-scale", "0"], /must be a number above 0/],
    [["gate", "ralph", "--target", "http://127.0.0.1:1", "--format", "pdf"], /unknown format "pdf".*junit/],
    [["gate", "pynomaly", "--target", "http://127.0.0.1:1", "--rate", "5"], /closed load has users/],
    [
      ["gate", "ralph", "--target", "http://127.0.0.1:1", "--k6", "/no/k6"],
      /\/no\/k6 is not an executable file/,
    ],
    [["testbed", "ralph", "--slow", "x=3s"], /unknown endpoint "x"/],
    [["testbed", "ralph", "--workers", "2.5"], /whole number from 1 to 1,000,000/],
    [["testbed", "ralph", "--port", "http"], /must be a whole number/],
    [["judge", "nowhere"], /no such file or folder/],
    [["frobnicate"], /unknown command/],
  ])("%j", async (args, message) => {
    const { exitCode, stderr, stdout } = await headroom(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });
});
