import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { CLI, script, temporaryFolder } from "./cli.ts";
import { freePort, until } from "./wait.ts";

/** Pages with commands; the README is read beside them. */
export const PAGES = ["gate", "plan", "capacity", "ci", "distributed", "adding-a-system"].map(
  (name) => `docs/${name}.md`,
);

/** What the page takes its time for: as long as it says in `npm run test:long`, otherwise shorter. */
const SHORTER: [long: RegExp, short: string][] = [
  [/--budget \d+s/, "--budget 12s"],
  [/--from-rate 800 --max-rate 1500/, "--from-rate 80 --max-rate 150"],
  [/^(headroom stress .*--duration) \d+s/, "$1 1s"],
  [/(--against .*--duration) \d+s/, "$1 3s"],
];

/**
 * Every `sh` block of a page, run in order in an empty folder, as a reader would type it; on ports of its own, so that
 * pages can be read at the same time.
 */
export async function runPage(page: string, { isWhole = false } = {}): Promise<void> {
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
    const [port, other] = [await freePort(), await freePort()].map(String) as [string, string];
    const blocks = readFileSync(page, "utf8").matchAll(/```sh\n([\s\S]*?)```/g);
    const lines = [...blocks]
      .flatMap((match) => (match[1] as string).trim().split("\n"))
      .map((line) => line.replaceAll("8000", port).replaceAll("8001", other))
      .map((line) =>
        isWhole ? line : SHORTER.reduce((text, [long, short]) => text.replace(long, short), line),
      );
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
      // Nor does a second of an ad hoc load show an SLA of one failure in a thousand.
      const isUnsettled = args[0] === "capacity" || args[0] === "stress";
      // `--fail-on` is for a pipeline: whether something runs out is the sample's matter, not the page's.
      const isCondition = args.includes("--fail-on");
      const mayBe = isCompared ? [0, 1, 4] : isUnsettled ? [0, 4] : isCondition ? [0, 1] : [0];
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
