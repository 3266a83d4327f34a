import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import { CLI, ralph, startHeadroom, temporaryFolder, withServer, withTestbed } from "./cli.ts";
import { counting } from "./wait.ts";

/** Moments after the start: while the code loads, before the work, in its middle, near its end. */
const MOMENTS_MS = [60, 250, 700, 1500, 3500];

type Command = (target: string, folder: string, slow: string) => string[];

/** A command line with its places filled in. */
const line =
  (text: string): Command =>
  (target, out, slow) =>
    text.split(" ").map((word) => word.replace("URL", target).replace("OUT", out).replace("SLOW", slow));

const GATE = "gate ralph --target URL --scenario smoke --out OUT";
const COMMANDS: [name: string, args: Command][] = [
  ["gate, k6", line(`${GATE} --engine k6 --duration 5s`)],
  ["gate, autocannon", line(`${GATE} --engine autocannon --duration 5s`)],
  ["gate, against", line(`${GATE} --against URL --rounds 1 --engine autocannon --duration 2s`)],
  ["capacity", line("capacity ralph --target URL --engine autocannon --hold 2s --budget 5s --out OUT")],
  ["stress", line("stress URL/health -d 4s --out OUT")],
  ["plan", line("plan pynomaly --history sample --out OUT")],
  ["plan --all", line("plan --all --history sample --out OUT")],
  ["plan of a store that does not answer", line("plan pynomaly --prometheus SLOW --out OUT")],
  ["snapshot", line("snapshot ralph --prometheus SLOW --out OUT/q3.json")],
  ["backtest", line("backtest pynomaly --history sample")],
  ["testbed", line("testbed ralph --port 0")],
];

describe.concurrent("Ctrl-C", () => {
  it("that comes twice in one breath, as `timeout` sends it, keeps what was measured", async () => {
    const { listener, reached } = counting(ralph);
    await withServer(listener, async (target) => {
      const folder = temporaryFolder();
      const child = startHeadroom(line(`${GATE} --engine autocannon`)(target, folder, ""));
      await reached(20);
      child.kill("SIGINT");
      child.kill("SIGINT");
      expect((await child).exitCode).toBe(130);
      expect(JSON.parse(readFileSync(join(folder, "verdict.json"), "utf8"))).toMatchObject({
        interrupted: true,
      });
    });
  });

  it.each(COMMANDS)("in %s, whenever it comes, leaves whole files and no process", async (name, args) => {
    if (name.includes("k6") && inject("k6") === null) return;
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const slow = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await withTestbed(["ralph"], async (target) => {
      for (const momentMs of MOMENTS_MS) {
        const folder = temporaryFolder();
        // Every process that is started inherits it: so the last of them can be found.
        const mark = `HEADROOM_TEST_MARK=${folder}`;
        const child = execa(process.execPath, [CLI, ...args(target, folder, slow)], {
          reject: false,
          stdin: "ignore",
          env: { HEADROOM_TEST_MARK: folder },
          timeout: 200_000,
        });
        await new Promise((resolve) => setTimeout(resolve, momentMs));
        child.kill("SIGINT");
        const { exitCode, signal, stderr, timedOut } = await child;
        const at = `${name} after ${momentMs} ms`;
        expect(timedOut, at).toBe(false);
        // 130, or the end it had reached; a signal that came before the program could hear it ends it by itself.
        expect([0, 1, 4, 130, "SIGINT"], `${at}: ${stderr}`).toContain(exitCode ?? signal);
        expect(stderr, at).not.toMatch(/internal error|\n\s+at /);
        // A k6 that was asked for its version ends by itself, if later than who asked and was interrupted.
        const left = (await marked(mark)).filter((command) => !/\/k6 version $/.test(command));
        expect(left, at).toEqual([]);
        for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
          expect(file, at).not.toMatch(/\.tmp$|\.probe$/);
          if (file.endsWith(".json")) JSON.parse(readFileSync(join(folder, file), "utf8"));
        }
      }
    });
    silent.closeAllConnections();
    silent.close();
  });
});

/** Processes whose environment bears the mark. */
async function marked(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark))
        found.push(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch {
      // it ended while it was looked at
    }
  }
  return found;
}
