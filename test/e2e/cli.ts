import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa, type Options } from "execa";
import type { RunResult } from "../../src/model/run.ts";
import type { Verdict } from "../../src/model/verdict.ts";

/** Drives the built CLI as a person or a pipeline does. */

export const CLI = resolve("dist/headroom.js");
export const script = (name: string) => resolve("test/fixtures/scripts", `${name}.ts`);

export interface Said {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export async function headroom(args: readonly string[], options: Options = {}): Promise<Said> {
  const result = await execa(process.execPath, [CLI, ...args], {
    reject: false,
    timeout: 240_000,
    stdin: "ignore",
    ...options,
  });
  return {
    exitCode: result.exitCode,
    stdout: String(result.stdout ?? ""),
    stderr: String(result.stderr ?? ""),
  };
}

export interface Gated extends Said {
  readonly verdict: Verdict;
  readonly run: RunResult;
  readonly folder: string;
}

/** A gate with --json whose results go to a folder of their own. */
export async function gate(args: readonly string[], options: Options = {}): Promise<Gated> {
  const folder = temporaryFolder();
  const said = await headroom(["gate", ...args, "--json", "--out", folder], options);
  if (said.stdout === "") throw new Error(`no verdict, exit ${said.exitCode}: ${said.stderr}`);
  return {
    ...said,
    folder,
    verdict: JSON.parse(said.stdout) as Verdict,
    run: JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunResult,
  };
}

/** What a gate says of the machine that made its load, not of the target. */
const MACHINE = new Set([
  "generator-stalled",
  "generator-saturated",
  "iterations-dropped",
  "load-not-delivered",
  "users-exhausted",
]);

/**
 * A gate whose answer is about the target: made again where all that it says is that this machine had no time to make
 * the load, which on a busy one is true. Not for targets whose fault is to be slow.
 */
export const settledGate = (args: readonly string[], options: Options = {}) =>
  settled(() => gate(args, options));

export async function settled<T extends Pick<Gated, "verdict">>(
  load: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const result = await load(attempt);
    const { reasons } = result.verdict;
    const isMachine = reasons.length > 0 && reasons.every(({ code }) => MACHINE.has(code));
    if (!isMachine || attempt === 3) return result;
  }
}

/** The command line under a limit of the shell's `ulimit`: what is beyond fails as on a machine that has no more. */
export function limited(limit: string, args: readonly string[]) {
  return execa("sh", ["-c", `ulimit ${limit}; exec "$@"`, "sh", process.execPath, CLI, ...args], {
    reject: false,
    stdin: "ignore",
  });
}

const made: string[] = [];
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "headroom-e2e-"));
  made.push(folder);
  return folder;
}
process.once("exit", () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A system's testbed in a process of its own while `use` runs. */
export async function withTestbed<T>(args: readonly string[], use: (url: string) => Promise<T>): Promise<T> {
  const child = execa(process.execPath, [CLI, "testbed", ...args, "--port", "0", "--json"], {
    reject: false,
    buffer: false,
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout?.once("data", (line: Buffer) =>
        resolve((JSON.parse(line.toString()) as { url: string }).url),
      );
      child.once("exit", (code) => reject(new Error(`testbed ended with ${code}`)));
    });
    return await use(url);
  } finally {
    child.kill("SIGTERM");
    await child;
  }
}

/** A plain server on loopback while `use` runs. */
export async function withServer<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What the journey of ralph expects. */
export const ralphAnswers = (response: ServerResponse, method = "GET") => {
  response.writeHead(method === "POST" ? 201 : 200, { "Content-Type": "application/json" });
  response.end(
    '{"status":"healthy","checks":{"database":true,"redis":true,"disk":true,"memory":true},"task_id":"t1"}',
  );
};
export const ralph: RequestListener = (request, response) => ralphAnswers(response, request.method);

/** The command line in a process of its own that the test does something to while it works. */
export function startHeadroom(args: readonly string[], options: Options = {}) {
  return execa(process.execPath, [CLI, ...args], { reject: false, stdin: "ignore", ...options });
}

/** `/500` fails, `/reset` breaks the connection off, `/429` limits, `/slow` takes a second, all else answers `{"ok":true}`. */
export const behaving: RequestListener = (request, response) => {
  const path = request.url ?? "/";
  if (path === "/reset") return void request.socket.resetAndDestroy();
  response.setHeader("Content-Type", "application/json");
  if (path === "/500" || path === "/429") response.statusCode = Number(path.slice(1));
  setTimeout(() => response.end('{"ok":true}'), path === "/slow" ? 1000 : 0);
};
