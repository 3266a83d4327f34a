import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { holdFolder } from "../../src/cli/hold-folder.ts";
import { headroom, temporaryFolder, withServer } from "./cli.ts";

/** One line that says what is wrong and what to do: no stack, no spinning. */
const oneLine = (text: string) =>
  text.trim().split("\n").length === 1 && !/internal error|\n\s+at /.test(text);

describe.concurrent("a place that cannot be used is named in one line:", () => {
  it("a TMPDIR that is not there", async () => {
    const said = await headroom(["check", "ralph"], { env: { TMPDIR: "/nowhere/at/all" } });
    expect([said.exitCode, oneLine(said.stderr)]).toEqual([3, true]);
    expect(said.stderr).toMatch(/no temporary folder can be made in \/nowhere\/at\/all: .* set TMPDIR/);
  });

  it("a system's name of 300 letters", async () => {
    const said = await headroom(["init", "a".repeat(300)], { cwd: temporaryFolder() });
    expect([said.exitCode, oneLine(said.stderr)]).toEqual([2, true]);
    expect(said.stderr).toContain("at most 60");
  });

  it("a folder for a run whose name no file system takes", async () => {
    const said = await headroom(["plan", "ralph", "--history", "sample", "--out", "x".repeat(300)]);
    expect([said.exitCode, oneLine(said.stderr)]).toEqual([3, true]);
  });

  it.skipIf(!existsSync("/proc/self"))("/proc, where nothing can be made", async () => {
    for (const out of ["/proc/x", "/proc/x/y"]) {
      const said = await headroom(["plan", "ralph", "--history", "sample", "--out", out]);
      expect([said.exitCode, said.stderr]).toEqual([3, expect.stringContaining(`cannot write to ${out}`)]);
    }
  });

  it("a folder that another run is writing, before any load", async () => {
    const held = holdFolder(temporaryFolder());
    let requests = 0;
    await withServer(
      (_, response) => {
        requests++;
        response.end("{}");
      },
      async (url) => {
        const load = ["ethical-testbed", "--target", url, "--engine", "autocannon", "--out", held.path];
        for (const args of [
          ["gate", ...load],
          ["capacity", ...load],
          ["plan", "ralph", "--history", "sample", "--out", held.path],
        ]) {
          const said = await headroom(args);
          expect([said.exitCode, said.stderr]).toEqual([2, expect.stringContaining("another run")]);
        }
      },
    );
    held.release();
    expect(requests).toBeLessThan(10); // whether anybody answers, and no load
    expect(readdirSync(held.path)).toEqual([]);
  });

  it("a home that nothing can be written to, for `setup k6`", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "go"), "#!/bin/sh\necho go version go1.26.0 linux/amd64\n");
    chmodSync(join(folder, "go"), 0o755);
    const env = { HOME: "/dev/null", XDG_CACHE_HOME: "", HEADROOM_K6: "", PATH: `${folder}:/usr/bin:/bin` };
    const said = await headroom(["setup", "k6"], { env });
    expect([said.exitCode, oneLine(said.stderr)]).toEqual([3, true]);
    expect(said.stderr).toMatch(/k6 cannot be kept in \/dev\/null\/.*XDG_CACHE_HOME/);
  });
});
