import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import type { Verdict } from "../../src/model/verdict.ts";
import {
  behaving,
  gate,
  headroom,
  limited,
  startHeadroom,
  temporaryFolder,
  withServer,
  withTestbed,
} from "./cli.ts";
import { recordedSeconds, until } from "./wait.ts";

const LOAD = ["--scenario", "smoke", "--duration", "6s", "--rate", "20"];

/** Stands where k6 is expected, answers what is asked before a load, and then behaves as no k6 does on request. */
function fakeK6(run: string): string {
  const file = join(temporaryFolder(), "k6");
  writeFileSync(
    file,
    `#!${process.execPath}
const { writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const command = process.argv[2];
if (command === "version") console.log("k6 v2.2.0 (go1.26, linux/amd64)");
if (command === "inspect") console.log('{"totalDuration":"6s","maxVUs":5,"setupTimeout":"0s","teardownTimeout":"0s","handleSummaryTimeout":"0s"}');
if (command === "run") {
  const record = /record=(.+)$/.exec(process.argv.find((argument) => argument.startsWith("web-dashboard")))[1];
  const summary = join(dirname(record), "k6-summary.json");
  ${run}
}
`,
  );
  chmodSync(file, 0o755);
  return file;
}

const K6_FAULTS: [title: string, run: string, reason: RegExp][] = [
  [
    "writes garbage and is content",
    'const noise = Buffer.from("\\x00\\xff{]\\n\\x1b[2J" + "z".repeat(9999)); process.stdout.write(noise); process.stderr.write(noise); writeFileSync(record, noise); writeFileSync(summary, noise);',
    /ended without its summary \(ended normally\)/,
  ],
  [
    "leaves half a summary",
    'writeFileSync(summary, \'{"ownError":null,"data":{"metrics":{"http_reqs":{"type":"coun\');',
    /ended without its summary/,
  ],
  [
    "leaves a summary of another shape",
    'writeFileSync(summary, \'{"ownError":null,"data":{"metrics":[],"state":{}}}\');',
    /ended without its summary/,
  ],
  ["leaves nothing", "", /ended without its summary/],
  ["crashes", 'process.kill(process.pid, "SIGSEGV");', /killed by SIGSEGV/],
  ["is killed for its memory", 'process.kill(process.pid, "SIGKILL");', /killed by SIGKILL/],
  ["ends with a code of its own", "process.exit(42);", /unknown exit code 42/],
];

describe.concurrent("a k6 that", () => {
  it.each(K6_FAULTS)("%s: the run proves nothing, and says why", async (_, run, reason) => {
    await withServer(behaving, async (url) => {
      const { verdict, exitCode } = await gate(["ralph", "--target", url, "--k6", fakeK6(run), ...LOAD]);
      expect([exitCode, verdict.status]).toEqual([4, "inconclusive"]);
      expect(verdict.reasons[0]?.message).toMatch(reason);
    });
  });

  it("never ends is stopped when all it may do is over", async () => {
    await withServer(behaving, async (url) => {
      const k6 = fakeK6("setInterval(() => {}, 1000);");
      const { verdict, exitCode } = await gate(["ralph", "--target", url, "--k6", k6, ...LOAD]);
      expect([exitCode, verdict.status, verdict.interrupted]).toEqual([4, "inconclusive", false]);
      expect(verdict.reasons[0]?.message).toMatch(/still ran after [\d.]+ s, .* and was stopped/);
      expect((await execa("pgrep", ["-f", k6], { reject: false })).stdout).toBe("");
    });
  });

  it.each([
    ["is too old", 'console.log("k6 v0.57.0 (go1.22)")', /is k6 v0.57.0; Headroom needs v1.0.0 or newer/],
    ["is another program", 'console.log("hello")', /does not answer `version` as k6 does/],
  ])("%s is refused before any load", async (_, version, message) => {
    const k6 = join(temporaryFolder(), "k6");
    writeFileSync(k6, `#!${process.execPath}\n${version}\n`, { mode: 0o755 });
    const said = await headroom(["gate", "ralph", "--target", "http://127.0.0.1:1", "--k6", k6, ...LOAD]);
    expect([said.exitCode, said.stdout, said.stderr]).toEqual([3, "", expect.stringMatching(message)]);
  });

  it("is not where it was said to be is refused, and not replaced by another", async () => {
    const args = ["gate", "ralph", "--target", "http://127.0.0.1:1", ...LOAD];
    const said = await headroom([...args, "--k6", "/nowhere/k6"]);
    expect([said.exitCode, said.stderr]).toEqual([
      2,
      expect.stringContaining("/nowhere/k6 is not an executable file"),
    ]);
    const env = { HEADROOM_K6: "", PATH: "/usr/bin:/bin", XDG_CACHE_HOME: temporaryFolder() };
    const none = await headroom([...args, "--engine", "k6"], { env });
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining("headroom setup k6")]);
  });

  it("cannot be interrupted is killed, and leaves no process", async () => {
    const deaf =
      'process.on("SIGINT", () => {}); setInterval(() => {}, 1000); writeFileSync(join(dirname(record), "deaf"), "");';
    await withServer(behaving, async (url) => {
      const k6 = fakeK6(deaf);
      const out = temporaryFolder();
      const child = startHeadroom([
        ...["gate", "ralph", "--target", url, "--k6", k6, ...LOAD],
        ...["--out", out, "--json"],
      ]);
      await until(() => existsSync(join(out, "deaf")), "a k6 that does not hear");
      child.kill("SIGINT");
      const { exitCode, stdout } = await child;
      expect([exitCode, (JSON.parse(String(stdout)) as Verdict).interrupted]).toEqual([130, true]);
      expect((await execa("pgrep", ["-f", k6], { reject: false })).stdout).toBe("");
    });
  });
});

describe.concurrent("a folder for results that", () => {
  const load = (url: string) => ["gate", "ralph", "--target", url, "--engine", "autocannon", ...LOAD];

  it.each([
    ["is a file", () => writeTemporary("taken")],
    ["is below a file", () => join(writeTemporary("taken"), "reports")],
    ["nobody can write to", () => "/dev/null/reports"],
  ])("%s is found before any load", async (_, folder) => {
    let requests = 0;
    await withServer(
      (request, response) => {
        requests++;
        behaving(request, response);
      },
      async (url) => {
        const said = await headroom([...load(url), "--out", folder()]);
        expect([said.exitCode, said.stdout]).toEqual([3, ""]);
        expect(said.stderr).toMatch(/error: cannot write to .*Give another folder with --out$/s);
        expect(requests).toBeLessThanOrEqual(1);
      },
    );
  });

  it("has no room is found before any load", async () => {
    await withServer(behaving, async (url) => {
      const folder = temporaryFolder();
      const said = await limited("-f 100", [...load(url), "--out", folder]);
      expect(said.exitCode).toBe(3);
      expect(said.stderr).toMatch(/cannot write to .*: EFBIG/);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it("fills up during the run keeps what was whole and names the file", async () => {
    await withServer(behaving, async (url) => {
      const folder = temporaryFolder();
      // Enough for the probe, too little for the page of the report.
      const said = await limited("-f 150", [...load(url), "--out", folder]);
      expect(said.exitCode).toBe(3);
      expect(said.stderr).toMatch(/error: cannot write .*report\.html: EFBIG/);
      expect(readdirSync(folder)).toContain("run.json");
      expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
    });
  });

  it.skipIf(inject("k6") === null)("vanishes during the run does not take the verdict with it", async () => {
    await withTestbed(["ralph"], async (url) => {
      const folder = temporaryFolder();
      const load = ["--engine", "k6", ...LOAD, "--json"];
      const child = startHeadroom(["gate", "ralph", "--target", url, ...load, "--out", folder]);
      await recordedSeconds(folder, 2);
      rmSync(folder, { recursive: true });
      const { exitCode, stdout } = await child;
      const verdict = JSON.parse(String(stdout)) as Verdict;
      // k6 could not write its summary, or made the folder anew: never a pass without its evidence.
      expect([exitCode, verdict.status]).toEqual(
        existsSync(join(folder, "run.json")) && verdict.status === "pass" ? [0, "pass"] : [4, "inconclusive"],
      );
      expect(existsSync(join(folder, "run.json"))).toBe(true);
    });
  });

  it("is asked for by any other command is checked as well", async () => {
    for (const args of [
      ["export", "alerts", "ralph", "--out", "/dev/null/alerts.yaml"],
      ["plan", "ralph", "--history", "sample", "--out", "/dev/null/plan"],
      ["snapshot", "ralph", "--prometheus", "http://127.0.0.1:9", "--out", "/dev/null/q3.json"],
    ]) {
      const said = await headroom(args);
      expect(said.exitCode, args.join(" ")).toBe(3);
      expect(said.stderr, args.join(" ")).toMatch(/^error: |\nerror: /);
      expect(said.stderr).not.toContain("internal error");
    }
  });
});

function writeTemporary(name: string): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, "");
  return file;
}
