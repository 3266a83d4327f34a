import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { InputError, ToolError } from "../../model/problem.ts";

/** The version `setup k6` builds. */
export const K6_VERSION = "2.2.0";
/** Older releases lack what Headroom relies on: scripts in TypeScript and the recording web dashboard. */
const OLDEST_MAJOR = 1;

/** k6 answers in a tenth of a second; this is for a machine with many other things to do. */
const VERSION_TIMEOUT_MS = 60_000;

export interface K6 {
  readonly path: string;
  readonly version: string;
  /** Where it was found, for `doctor`. */
  readonly source: "--k6" | "HEADROOM_K6" | "PATH" | "cache";
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where `setup k6` puts it: outside any checkout, one per version. */
export function cachedK6Path(env: Env): string {
  const cache = env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(cache, "headroom", `k6-v${K6_VERSION}`, process.platform === "win32" ? "k6.exe" : "k6");
}

/**
 * The k6 to use, in the order --k6, HEADROOM_K6, PATH, cache; null when there is none. One that was named and
 * does not work is an error: silently taking another would run something the user did not ask for.
 */
export async function findK6(named: string | undefined, env: Env): Promise<K6 | null> {
  if (named !== undefined) return await requireK6(named, "--k6");
  if (env.HEADROOM_K6) return await requireK6(env.HEADROOM_K6, "HEADROOM_K6");
  const onPath = (env.PATH ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, "k6"))
    .find(isExecutable);
  if (onPath !== undefined) return await requireK6(onPath, "PATH");
  const cached = cachedK6Path(env);
  return isExecutable(cached) ? await requireK6(cached, "cache") : null;
}

async function requireK6(path: string, source: K6["source"]): Promise<K6> {
  if (!isExecutable(path)) {
    throw new InputError([
      {
        file: source,
        message: `${path} is not an executable file`,
        remedy: "Name a k6 binary, or leave it out to use the one `headroom setup k6` builds",
      },
    ]);
  }
  const result = await execa(path, ["version"], {
    reject: false,
    timeout: VERSION_TIMEOUT_MS,
    stdin: "ignore",
  });
  if (result.timedOut) {
    throw new ToolError(
      `${path} does not answer \`version\` within ${VERSION_TIMEOUT_MS / 1000} s`,
      "Run it by hand: it hangs, or this machine is too busy to make a load",
    );
  }
  const version = /\bv(\d+)\.(\d+)\.(\d+)/.exec(String(result.stdout));
  if (!version) {
    throw new ToolError(
      `${path} does not answer \`version\` as k6 does`,
      "Check the file, or run `headroom setup k6`",
    );
  }
  if (Number(version[1]) < OLDEST_MAJOR) {
    throw new ToolError(
      `${path} is k6 ${version[0]}; Headroom needs v${OLDEST_MAJOR}.0.0 or newer`,
      "Update it, or run `headroom setup k6`",
    );
  }
  return { path, version: version[0].slice(1), source };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
