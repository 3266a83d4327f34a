import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { messageOf, ToolError } from "../../model/problem.ts";
import { makeFolders } from "../../systems/make-folders.ts";
import { cachedK6Path, findK6, type K6, K6_VERSION } from "./find-k6.ts";

const MODULE = "go.k6.io/k6/v2";

/**
 * Builds k6 with the Go toolchain into the cache, about a minute. A throwaway module that requires it is built,
 * rather than `go install module@version`: the latter asks the module proxy for the latest version too (for
 * deprecation notices), and proxies that mirror only pinned versions refuse that.
 *
 * @param report lines of progress
 */
export async function setupK6(
  env: Readonly<Record<string, string | undefined>>,
  report: (line: string) => void,
): Promise<K6> {
  const path = cachedK6Path(env);
  const existing = await findK6(undefined, { ...env, PATH: "", HEADROOM_K6: "" });
  if (existing) return existing;

  await requireGo();
  const folder = dirname(path);
  const work = makeWorkFolder(folder);
  try {
    writeFileSync(
      join(work, "go.mod"),
      `module headroom.local/k6\n\ngo 1.25\n\nrequire ${MODULE} v${K6_VERSION}\n`,
    );
    report(`building k6 v${K6_VERSION} with Go, about a minute …`);
    const built = await execa("go", ["build", "-mod=mod", "-trimpath", "-o", "k6", MODULE], {
      cwd: work,
      reject: false,
      all: true,
    });
    if (built.failed) {
      throw new ToolError(
        `go build of ${MODULE}@v${K6_VERSION} failed:\n${String(built.all).slice(-2000)}`,
        "Check that the Go module proxy can be reached (go env GOPROXY)",
      );
    }
    renameSync(join(work, "k6"), path);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const k6 = await findK6(path, env);
  if (!k6) throw new ToolError(`${path} vanished after it was built`, "Run `headroom setup k6` again");
  return { ...k6, source: "cache" };
}

function makeWorkFolder(folder: string): string {
  try {
    makeFolders(folder);
    return mkdtempSync(join(folder, "build-"));
  } catch (thrown) {
    throw new ToolError(
      `k6 cannot be kept in ${folder}: ${messageOf(thrown)}`,
      "Set XDG_CACHE_HOME to a folder that can be written, or name a k6 with --k6",
      thrown,
    );
  }
}

async function requireGo(): Promise<void> {
  const go = await execa("go", ["version"], { reject: false });
  const version = /go(\d+)\.(\d+)/.exec(String(go.stdout ?? ""));
  if (version && (Number(version[1]) > 1 || Number(version[2]) >= 25)) return;
  // From Go 1.21 on, an older toolchain fetches the one a module asks for.
  if (version && Number(version[2]) >= 21) return;
  throw new ToolError(
    version
      ? `Go ${version[0]} is too old to build k6`
      : "building k6 needs a Go toolchain and none is on PATH",
    "Install Go ≥ 1.25 (https://go.dev/dl), or install k6 yourself and name it with --k6; without k6, `--engine autocannon` runs the same journey",
  );
}
