import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { temporaryFolder } from "./cli.ts";

const npm = (args: readonly string[], cwd: string) =>
  execa("npm", [...args, "--no-audit", "--no-fund", "--prefer-offline"], { cwd, stdin: "ignore" });

describe("the package", () => {
  it("installs into an empty folder and gates a sixth system made there", { timeout: 300_000 }, async () => {
    const [cwd, packed] = [temporaryFolder(), temporaryFolder()];
    // The tests share one build; packing must not build over it.
    const { stdout } = await npm(["pack", "--ignore-scripts", "--json", "--pack-destination", packed], ".");
    const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["dist/headroom.js", "README.md", "package.json", "scenarios/lib/bind.ts"]),
    );
    expect(paths.filter((path) => /^(src|test|bench|reports|\.ci)\//.test(path))).toEqual([]);
    await npm(["init", "--yes"], cwd);
    await npm(["install", join(packed, filename)], cwd);
    const headroom = (...args: string[]) =>
      execa(join(cwd, "node_modules", ".bin", "headroom"), args, { cwd, reject: false, stdin: "ignore" });
    for (const folder of ["scenarios", "thresholds", "profiles"]) mkdirSync(join(cwd, folder));
    const made = await headroom("init", "checkout");
    expect(made.exitCode, made.stderr).toBe(0);
    expect((await headroom("check")).exitCode).toBe(0);
    expect((await headroom("systems", "--json")).stdout).toContain("checkout");
    const testbed = execa(
      join(cwd, "node_modules", ".bin", "headroom"),
      ["testbed", "checkout", "--port", "0", "--json"],
      { cwd, reject: false, buffer: false, stdin: "ignore" },
    );
    try {
      const { url } = JSON.parse(
        String(await new Promise((resolve) => testbed.stdout?.once("data", resolve))),
      ) as { url: string };
      const gated = await headroom(
        "gate",
        "checkout",
        "--target",
        url,
        "--scenario",
        "smoke",
        "--duration",
        "12s",
        "--rate",
        "60",
        "--json",
      );
      expect([gated.exitCode, (JSON.parse(gated.stdout) as Verdict).status], gated.stderr).toEqual([
        0,
        "pass",
      ]);
    } finally {
      testbed.kill("SIGTERM");
      await testbed;
    }
    const folder = join(cwd, "reports", "checkout", readdirSync(join(cwd, "reports", "checkout"))[0] ?? "");
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("checkout");
    expect(existsSync(join(cwd, "profiles", "checkout.yaml"))).toBe(true);
    // The shipped systems are there where a folder has none of its own.
    const elsewhere = temporaryFolder();
    const planned = await execa(
      join(cwd, "node_modules", ".bin", "headroom"),
      ["plan", "ralph", "--history", "sample", "--json", "--out", elsewhere],
      { cwd: elsewhere, reject: false },
    );
    expect((JSON.parse(planned.stdout) as Plan).system).toBe("ralph");
  });
});
