import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Comparison } from "../../src/model/comparison.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { headroom, temporaryFolder, withTestbed } from "./cli.ts";

const LOAD = ["--scenario", "smoke", "--rate", "150", "--duration", "8s", "--engine", "autocannon"];
const json = <T>(text: string) => JSON.parse(text) as T;

describe("a gate with a baseline", () => {
  it("holds a run to the newest that passed, finds a slower release, and refuses what is not alike", async () => {
    const cwd = temporaryFolder();
    const gate = (url: string, ...more: string[]) =>
      headroom(["gate", "ralph", "--target", url, ...LOAD, "--baseline", "latest-pass", "--json", ...more], {
        cwd,
      });
    await withTestbed(["ralph"], async (url) => {
      const none = await gate(url);
      expect([none.exitCode, none.stderr]).toEqual([
        2,
        expect.stringMatching(/no run to compare with.*--baseline-optional/),
      ]);
      expect(existsSync(join(cwd, "reports"))).toBe(false);
      const first = await gate(url, "--baseline-optional");
      expect([
        first.exitCode,
        json<Verdict>(first.stdout).criteria.some(({ kind }) => kind === "regression"),
      ]).toEqual([0, false]);
      const same = json<Verdict>((await gate(url)).stdout);
      expect(same.criteria.filter(({ kind, status }) => kind === "regression" && status === "fail")).toEqual(
        [],
      );
      const other = await gate(url, "--rate", "75");
      expect([other.exitCode, other.stderr]).toEqual([
        2,
        expect.stringMatching(/not like for like: load: open: .*150\/s.* then, .* now/),
      ]);
    });
    const slower = await withTestbed(["ralph", "--slower", "60%"], (url) => gate(url));
    expect(slower.exitCode).toBe(1);
    const verdict = json<Verdict>(slower.stdout);
    expect(verdict.criteria.find(({ id }) => id === "p95")?.status).toBe("pass");
    expect(verdict.criteria.find(({ id }) => id === "p50-regression")).toMatchObject({
      kind: "regression",
      status: "fail",
    });
    const listed = await headroom(["runs", "ralph", "--json"], { cwd });
    const runs = json<{ runs: { status: string; folder: string }[] }>(listed.stdout).runs;
    expect(runs.map(({ status }) => status)).toContain("pass");
    const [before, after] = [runs[0]?.folder ?? "", runs.at(-1)?.folder ?? ""];
    expect(existsSync(join(cwd, after, "comparison.json"))).toBe(true);
    expect(readFileSync(join(cwd, after, "report.html"), "utf8")).toContain("Against the baseline");
    const compared = await headroom(["compare", before, after, "--json"], { cwd });
    expect([compared.exitCode, json<Comparison>(compared.stdout).outcome]).toEqual([1, "regressed"]);
    // The other way round something is faster for sure and nothing slower, if not each statistic of eight seconds.
    const back = json<Comparison>((await headroom(["compare", after, before, "--json"], { cwd })).stdout);
    const outcomes = back.lines.map(({ outcome }) => outcome);
    expect(outcomes).toContain("improved");
    expect(outcomes).not.toContain("regressed");
    const shown = await headroom(["compare", after, before], { cwd });
    expect([shown.exitCode, shown.stdout]).toEqual(
      back.outcome === "improved"
        ? [0, expect.stringContaining("IMPROVED  better than the baseline")]
        : [4, expect.stringContaining("INCONCLUSIVE  cannot be told from chance")],
    );
    const again = await headroom(["judge", after, "--baseline", before, "--json"], { cwd });
    expect([again.exitCode, json<Verdict>(again.stdout).status]).toEqual([1, "fail"]);
    // Nor does a run that regressed become what the next is held to: judged again it still fails.
    const still = await headroom(["judge", after, "--json"], { cwd });
    expect([
      still.exitCode,
      json<Verdict>(still.stdout).criteria.some(({ kind }) => kind === "regression"),
    ]).toEqual([1, true]);
    expect(runs.at(-1)?.status).toBe("fail");
    const pruned = await headroom(["prune", "ralph", "--keep", "1", "--yes", "--json"], { cwd });
    const { removed, kept } = json<{ removed: string[]; kept: number }>(pruned.stdout);
    expect(removed).not.toContain(after);
    expect(kept).toBe(runs.length - removed.length);
    for (const path of removed) expect(existsSync(join(cwd, path))).toBe(false);
  });

  it("--against loads both releases in turn and compares them", async () => {
    const out = temporaryFolder();
    const said = await withTestbed(["ralph", "--slower", "60%"], (candidate) =>
      withTestbed(["ralph"], (base) =>
        headroom([
          "gate",
          "ralph",
          "--target",
          candidate,
          "--against",
          base,
          ...LOAD,
          "--duration",
          "6s",
          "--rate",
          "300",
          "--json",
          "--out",
          out,
        ]),
      ),
    );
    expect(said.exitCode, said.stderr).toBe(1);
    const verdict = json<Verdict>(said.stdout);
    expect(verdict.criteria.find(({ id }) => id === "p50-regression")?.status).toBe("fail");
    const comparison = json<Comparison>(readFileSync(join(out, "comparison.json"), "utf8"));
    expect([comparison.baseline.runs.length, comparison.candidate.runs.length]).toEqual([2, 2]);
    const starts = ["base-1", "candidate-1", "base-2", "candidate-2"].map(
      (name) => json<{ startedAt: string }>(readFileSync(join(out, name, "run.json"), "utf8")).startedAt,
    );
    expect(starts).toEqual([...starts].sort());
  });

  it("refuses bad questions before any load", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "x"));
    writeFileSync(join(folder, "x", "run.json"), "{");
    await withTestbed(["ralph"], async (url) => {
      const base = ["gate", "ralph", "--target", url, ...LOAD];
      for (const [args, text] of [
        [["--baseline", join(folder, "x")], /is not JSON/],
        [["--baseline", join(folder, "nowhere")], /no such file or folder/],
        [["--baseline", "latest-pass", "--against", url], /both name what to compare with/],
        [["--against", "ftp://x"], /neither http nor https/],
      ] as const) {
        const said = await headroom([...base, ...args]);
        expect([said.exitCode, said.stderr]).toEqual([2, expect.stringMatching(text)]);
      }
    });
    const said = await headroom(["compare", folder, folder]);
    expect([said.exitCode, said.stderr]).toEqual([2, expect.stringMatching(/is not JSON/)]);
    expect((await headroom(["runs", "ralph"], { cwd: folder })).exitCode).toBe(2);
  });
});
