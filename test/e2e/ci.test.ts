import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { CLI, temporaryFolder, withTestbed } from "./cli.ts";

/** A checkout on a runner: a system of its own, and nothing of Headroom's. */
async function workspace(): Promise<string> {
  const cwd = temporaryFolder();
  for (const folder of ["scenarios", "thresholds", "profiles"]) mkdirSync(join(cwd, folder));
  await execa(process.execPath, [CLI, "init", "checkout", "--root", cwd, "--quiet"], { cwd });
  return cwd;
}

// Concurrent: 60 requests/s need next to nothing; the rest is waiting.
describe.concurrent("the GitHub Action's gate", () => {
  const { runs } = parse(readFileSync("action.yml", "utf8")) as {
    runs: { steps: { id?: string; run?: string }[] };
  };
  const script = runs.steps.find(({ id }) => id === "gate")?.run ?? "";

  it.each([
    { name: "passes", faults: [], code: 0, status: "pass" },
    { name: "fails with annotations", faults: ["--errors", "50%"], code: 1, status: "fail" },
  ])("$name, with summary and outputs", async ({ faults, code, status }) => {
    const cwd = await workspace();
    const output = join(cwd, "output");
    const summary = join(cwd, "summary.md");
    writeFileSync(output, "");
    const done = await withTestbed(["checkout", "--root", cwd, ...faults], (url) =>
      execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
        cwd,
        reject: false,
        env: {
          GITHUB_ACTIONS: "true",
          GITHUB_ACTION_PATH: resolve("."),
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_RUN_ID: "42",
          SYSTEM: "checkout",
          TARGET: url,
          SCENARIO: "smoke",
          ROOT: ".",
          BASELINE: "latest-pass",
          AGAINST: "",
          PROMETHEUS: "",
          ENGINE: "autocannon",
          HEADROOM_REPORTS: "kept",
          ARGS: "--baseline-optional\n--duration\n10s\n--rate\n60\n",
        },
      }),
    );
    expect(done.exitCode, done.stderr).toBe(code);
    const outputs = readFileSync(output, "utf8");
    expect(outputs).toMatch(new RegExp(`^status=${status}\nreport=kept/checkout/\\d{8}-\\d{6}-smoke-42\n$`));
    const folder = /report=(.*)/.exec(outputs)?.[1] ?? "";
    expect(readdirSync(join(cwd, folder))).toEqual(
      expect.arrayContaining(["report.html", "junit.xml", "run.json"]),
    );
    expect(readFileSync(summary, "utf8")).toMatch(/^## .*checkout, smoke/);
    const annotations = done.stderr.split("\n").filter((line) => line.startsWith("::"));
    if (code === 0) expect(annotations).toEqual([]);
    else
      expect(annotations).toContainEqual(
        expect.stringMatching(/^::error file=thresholds\/checkout.yaml,line=\d+,title=SLA/),
      );
  });
});

describe.concurrent("the documentation's other pipelines", () => {
  const page = readFileSync("docs/ci.md", "utf8");
  const gitlab = parse(/```yaml\n(gate:[\s\S]*?)```/.exec(page)?.[1] ?? "") as { gate: { script: string[] } };
  const jenkins = [...page.matchAll(/sh '([^']+)'/g)].map((match) => match[1] as string);

  it.each([...gitlab.gate.script, ...jenkins])("%s", async (line) => {
    const cwd = await workspace();
    // `npx headroom` as it is where Headroom is installed.
    mkdirSync(join(cwd, "node_modules", ".bin"), { recursive: true });
    cpSync("package.json", join(cwd, "package.json"));
    symlinkSync(CLI, join(cwd, "node_modules", ".bin", "headroom"));
    const done = await withTestbed(["checkout", "--root", cwd], (url) =>
      execa("bash", ["-c", `${line} --duration 10s --rate 60`], {
        cwd,
        reject: false,
        env: { STAGING: url, BUILD_TAG: "build-7" },
      }),
    );
    expect(done.exitCode, done.stderr).toBe(0);
    const folder = readdirSync(join(cwd, "reports", "checkout"))[0] ?? "";
    expect(readdirSync(join(cwd, "reports", "checkout", folder))).toContain("junit.xml");
  });
});
