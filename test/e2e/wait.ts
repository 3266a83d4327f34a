import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { execa, type ResultPromise } from "execa";

/**
 * What tests wait with. Each waits for something that happens; its limit is for what never happens, and is so wide
 * that a machine busy with other things does not reach it.
 */
const LIMIT_SECONDS = 60;
const POLL_MS = 50;

/** Until something holds; what throws does not hold yet. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  seconds = LIMIT_SECONDS,
): Promise<void> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; ) {
    if (
      await Promise.resolve()
        .then(holds)
        .catch(() => false)
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

export interface Counted {
  readonly listener: RequestListener;
  /** Requests that arrived so far. */
  count(): number;
  /** Resolves when so many have arrived. */
  reached(count: number): Promise<void>;
}

/** A listener that counts the requests it is given, so that a test knows how far a load is. */
export function counting(listener: RequestListener): Counted {
  let requests = 0;
  return {
    listener: (request, response) => {
      requests++;
      listener(request, response);
    },
    count: () => requests,
    reached: (count) => until(() => requests >= count, `${count} requests`),
  };
}

/** Until a gate through k6 has recorded so many seconds of its load in the folder of its results. */
export function recordedSeconds(folder: string, seconds: number): Promise<void> {
  const snapshots = () =>
    readFileSync(join(folder, "k6-record.ndjson"), "utf8").split('"snapshot"').length - 1;
  return until(() => snapshots() >= seconds, `${seconds} recorded seconds`);
}

/** The process below another whose command line matches; waits for it to be there. */
export async function childOf(parent: number, pattern: string): Promise<number> {
  let pid = Number.NaN;
  await until(async () => {
    const { stdout } = await execa("pgrep", ["-P", String(parent), "-f", pattern], { reject: false });
    pid = Number.parseInt(String(stdout), 10);
    return Number.isInteger(pid);
  }, `a process ${pattern} below ${parent}`);
  return pid;
}

/** Until a process has written what matches to stderr. */
export async function says(child: ResultPromise, pattern: RegExp): Promise<void> {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await until(() => pattern.test(text), `${pattern} on stderr`);
}

/** Ports that no system gives to outgoing connections by itself (Linux from 32768, others from 49152). */
const PORTS = { first: 18_100, last: 32_000 };

/** A port to listen on, which no connection of a load beside it takes meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * (PORTS.last - PORTS.first));
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
