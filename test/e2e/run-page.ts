import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { CLI, script, temporaryFolder } from "./cli.ts";
import { until } from "./wait.ts";

/**
 * Every `sh` block of a page, run in order in an empty folder, as a reader would type it.
 *
 * @param port instead of the page's 8000, so that pages can be read at the same time
 */
export async function runPage(page: string, port: number): Promise<void> {
  const running: (() => Promise<unknown>)[] = [];
  try {
    const cwd = temporaryFolder();
    // The reader's own script and service: here it asks what the testbed of the page answers.
    const own = readFileSync(script("decorated"), "utf8").replace("ok: z.boolean()", "status: z.string()");
    writeFileSync(join(cwd, "checkout.ts"), own);
    mkdirSync(join(cwd, "shop"));
    writeFileSync(join(cwd, "shop", "cart.ts"), 'export const cartPath = () => "/health";\n');
    cpSync("test/fixtures/scripts/tsconfig.json", join(cwd, "tsconfig.json"));
    cpSync("node_modules/zod", join(cwd, "node_modules/zod"), { recursive: true });
    writeFileSync(
      join(cwd, "points.csv"),
      "load,throughput\n1,50\n2,96\n4,180\n8,310\n16,450\n32,520\n64,480\n",
    );
    const lines = [
      ...readFileSync(page, "utf8")
        .replaceAll("8000", String(port))
        .matchAll(/```sh\n([\s\S]*?)```/g),
    ].flatMap((match) => (match[1] as string).trim().split("\n"));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const [command, ...args] = line.replace(/ &$/, "").split(" ");
      expect(command, line).toBe("headroom");
      const child = execa(process.execPath, [CLI, ...args], { cwd, reject: false, stdin: "ignore" });
      if (line.endsWith(" &")) {
        running.push(async () => {
          child.kill("SIGTERM");
          await child;
        });
        const served = Number(args[args.indexOf("--port") + 1]);
        await until(() => isOpen(served), `port ${served}`);
        continue;
      }
      const { exitCode, stderr } = await child;
      // A search cut short for the sake of the test may not have settled; and beside other tests, which load the same
      // cores now and not then, a comparison may find what they did.
      const isCompared = args[0] === "compare" || /--(baseline|against) /.test(line);
      const mayBe = isCompared ? [0, 1, 4] : args[0] === "capacity" ? [0, 4] : [0];
      expect(mayBe, `${line}\n${stderr}`).toContain(exitCode);
    }
  } finally {
    await Promise.all(running.map((end) => end()));
  }
}

async function isOpen(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.once("connect", () => socket.end());
  });
}
