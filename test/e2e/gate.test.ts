import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import type { RunResult } from "../../src/model/run.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import {
  behaving,
  gate,
  headroom,
  ralph,
  script,
  settledGate,
  startHeadroom,
  temporaryFolder,
  withServer,
  withTestbed,
} from "./cli.ts";
import { childOf, counting, recordedSeconds } from "./wait.ts";

/** A load of a minute, to be cut short. */
const LONG = ["gate", "--script", script("long")];
const ENGINES = inject("k6") === null ? ["autocannon"] : ["k6", "autocannon"];
const QUICK = ["--scenario", "smoke", "--duration", "6s"];

describe.concurrent("what a gate leaves", () => {
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
    expect(said.stdout).toMatch(/PASS {2}all 3 gate criteria hold/);
    expect(said.stderr).toMatch(/ralph smoke: up to 40 requests\/s \(open\), 6 s/);
  });
});

describe.concurrent("judge", () => {
  it("flips the verdict with a tightened threshold, without load, and back with the run's own", async () => {
    const { folder } = await withTestbed(["ralph"], (url) =>
      settledGate(["ralph", "--target", url, ...QUICK, "--rate", "40"]),
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

describe.concurrent("a run that does not end well", () => {
  it("an unreachable target is exit 3 before any load", async () => {
    const { exitCode, stderr } = await headroom(["gate", "ralph", "--target", "http://127.0.0.1:1"]);
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/cannot be reached.*Check the URL/)]);
  });

  it.skipIf(inject("k6") === null)(
    "Ctrl-C leaves a complete run, marked, exit 130, and no k6 behind",
    async () => {
      await withServer(behaving, async (url) => {
        const folder = temporaryFolder();
        const child = startHeadroom([...LONG, "--target", url, "--json", "--out", folder]);
        await recordedSeconds(folder, 2);
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
      const child = startHeadroom(["gate", "--script", script("hangs"), "--target", url, "--out", folder]);
      await childOf(child.pid as number, "k6 inspect ");
      child.kill("SIGINT");
      const { exitCode, stderr } = await child;
      expect([exitCode, existsSync(folder)]).toEqual([130, false]);
      expect(stderr).toMatch(/interrupted before the load began/);
    });
  });

  it("Ctrl-C in the embedded engine does the same", async () => {
    const { listener, reached } = counting(ralph);
    await withServer(listener, async (url) => {
      const folder = temporaryFolder();
      const load = ["--scenario", "smoke", "--engine", "autocannon", "--json"];
      const child = startHeadroom(["gate", "ralph", "--target", url, ...load, "--out", folder]);
      await reached(20);
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
        const child = startHeadroom([...LONG, "--target", url, "--json", "--out", folder]);
        await recordedSeconds(folder, 2);
        process.kill(await childOf(child.pid as number, "k6 run "), "SIGKILL");
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

  it.each(ENGINES)("stops early where a criterion says so: %s", async (engine) => {
    const thresholds = join(temporaryFolder(), "abort.yaml");
    writeFileSync(
      thresholds,
      readFileSync("thresholds/principles-gym.yaml", "utf8").replace("after: 20s", "after: 3s"),
    );
    const load = ["--scenario", "smoke", "--engine", engine, "--thresholds", thresholds];
    const { exitCode, run, verdict } = await withTestbed(["principles-gym", "--errors", "40%"], (url) =>
      gate(["principles-gym", "--target", url, ...load]),
    );
    expect(exitCode).toBe(1);
    expect(run.evidence.abortedByCriterion).toBe(true);
    // The criterion was broken after its 3 s; k6 looks every two.
    expect(run.evidence.durationMs).toBeLessThan((run.asked.load?.totalMs ?? 0) / 2);
    expect(verdict.criteria.find(({ id }) => id === "error-ratio-rollback")?.status).toBe("fail");
  });

  it.each(ENGINES)(
    "a rate limiter in front of the service makes the run inconclusive, not failed: %s",
    async (engine) => {
      const { exitCode, verdict } = await withTestbed(["ralph", "--rate-limit", "100/min"], (url) =>
        gate(["ralph", "--target", url, ...QUICK, "--rate", "40", "--engine", engine]),
      );
      expect([exitCode, verdict.reasons.map(({ code }) => code)]).toEqual([
        4,
        expect.arrayContaining(["rate-limited"]),
      ]);
    },
  );
});

describe.concurrent("bad input is exit 2 and one message", () => {
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
