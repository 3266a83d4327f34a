import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalRun } from "../canonical.ts";
import { headroom, temporaryFolder, withServer, withTestbed } from "./cli.ts";

describe.concurrent("what stays where it belongs", () => {
  /** A run beside the reports, where a name that climbs out of them would find it. */
  function besideReports(): { cwd: string; run: string } {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "reports"));
    mkdirSync(join(cwd, "kept", "run-1"), { recursive: true });
    const run = join(cwd, "kept", "run-1", "run.json");
    writeFileSync(run, JSON.stringify({ ...canonicalRun(), system: "../kept", id: "../../escaped" }));
    return { cwd, run };
  }

  it.each([
    ["runs", "../kept"],
    ["prune", "../kept", "--keep", "0", "--yes"],
    ["prune", ".."],
    ["prune", "..\\kept", "--keep", "0", "--yes"],
    ["prune", "", "--keep", "0", "--yes"],
    ["gate", "../kept", "--target", "http://127.0.0.1:1"],
    ["plan", "../kept", "--history", "sample"],
    ["snapshot", "../kept", "--prometheus", "http://127.0.0.1:1"],
    ["backtest", "../kept", "--history", "sample"],
    ["testbed", "../kept"],
    ["init", "../kept"],
    ["export", "hpa", "../kept"],
  ])("%s %s ends with 2 and touches nothing", async (...args) => {
    const { cwd, run } = besideReports();
    const { exitCode, stderr } = await headroom(args, { cwd });
    expect([exitCode, existsSync(run)]).toEqual([2, true]);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(cwd).sort()).toEqual(["kept", "reports"]);
  });

  it.each([["judge"], ["report"], ["compare"]])(
    "%s writes nothing where a file's own names would lead",
    async (command) => {
      const { cwd, run } = besideReports();
      await headroom(command === "compare" ? [command, run, run] : [command, run], { cwd });
      expect(readdirSync(cwd).sort()).toEqual(["kept", "reports"]);
      expect([readdirSync(join(cwd, "kept")), readdirSync(join(cwd, "reports"))]).toEqual([["run-1"], []]);
    },
  );

  const ESCAPE = "\u001b[2J\u001b]0;owned\u0007\u009b31m";
  it("words of a file, a server and an argument cannot steer the terminal", async () => {
    const root = temporaryFolder();
    for (const folder of ["scenarios", "thresholds"]) mkdirSync(join(root, folder));
    const system = JSON.stringify(`shop${ESCAPE}`);
    writeFileSync(
      join(root, "thresholds", "shop.yaml"),
      `schema: headroom/thresholds@1\nsystem: ${system}\n`,
    );
    const error = JSON.stringify({ status: "error", errorType: "bad_data", error: `no${ESCAPE}such` });
    const said = await Promise.all([
      headroom(["check", "--root", root]),
      headroom(["check", "--root", root], { env: { FORCE_COLOR: "1" } }),
      headroom(["gate", `x${ESCAPE}`, "--target", "http://127.0.0.1:1"]),
      withServer(
        (_, response) => response.writeHead(400).end(error),
        (url) => headroom(["plan", "ralph", "--prometheus", url]),
      ),
    ]);
    expect(said.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 3]);
    expect(said.map(({ stdout, stderr }) => stdout + stderr).join("")).not.toMatch(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/,
    );
    expect(said[3]?.stderr).toContain("says: no[2J]0;owned31msuch");
  });

  it("the testbed is reached over loopback alone", async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4")
      .map(({ address }) => address);
    await withTestbed(["ralph"], async (url) => {
      const { port } = new URL(url);
      expect((await fetch(`${url}/health`)).ok).toBe(true);
      for (const address of others) await expect(fetch(`http://${address}:${port}/health`)).rejects.toThrow();
      // The port is free on every other address, which it would not be had it been bound to all.
      for (const address of others) {
        const server = createServer();
        await new Promise<void>((resolve, reject) => {
          server.once("error", reject);
          server.listen(Number(port), address, resolve);
        });
        server.close();
      }
    });
  });
});
