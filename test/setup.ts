import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {} from "vitest";
import type { TestProject } from "vitest/node";
import { findK6 } from "../src/engines/k6/find-k6.ts";
import { setupK6 } from "../src/engines/k6/setup-k6.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What the real parts of the end-to-end tests are; null where this machine has none. */
    k6: string | null;
    prometheus: string | null;
    chromium: string | null;
    victoriaMetrics: string | null;
    /** A folder of this run of the tests, for what several files need and is dear to make. */
    shared: string;
    /** The parts of a real stack: a database, a cache, and their exporters. */
    stack: Stack | null;
  }
}

export interface Stack {
  /** Folder of initdb and postgres. */
  readonly postgresql: string;
  readonly redis: string;
  readonly postgresExporter: string;
  readonly redisExporter: string;
  readonly nodeExporter: string;
}

const inPath = (...names: string[]) =>
  names
    .flatMap((name) =>
      ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map((folder) => join(folder, name)),
    )
    .find(existsSync) ?? null;

/**
 * Builds the CLI the end-to-end tests drive and finds the real parts. On a developer's machine a missing part skips
 * its tests and says so; in CI it is a failure.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  execFileSync(process.execPath, ["build.mjs"], { stdio: "inherit" });
  const k6 = await provideK6();
  const prometheus = inPath("prometheus");
  const chromium =
    inPath("chromium", "chromium-browser", "google-chrome") ??
    ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"].find(existsSync) ??
    null;
  const victoriaMetrics = inPath("victoria-metrics");
  const stack = findStack();
  const missing = Object.entries({ k6, prometheus, chromium, victoriaMetrics, stack }).flatMap(
    ([name, path]) => (path === null ? [name] : []),
  );
  if (missing.length > 0 && process.env.CI)
    throw new Error(`CI must have ${missing.join(" and ")}: see .ci/install-packages`);
  for (const name of missing)
    console.warn(`\n!!! ${name} is not here: the end-to-end tests that need it are SKIPPED\n`);
  project.provide("k6", k6);
  project.provide("prometheus", prometheus);
  project.provide("chromium", chromium);
  project.provide("victoriaMetrics", victoriaMetrics);
  project.provide("stack", stack);
  const shared = mkdtempSync(join(tmpdir(), "headroom-tests-"));
  project.provide("shared", shared);
  return () => rmSync(shared, { recursive: true, force: true });
}

function findStack(): Stack | null {
  const found = {
    postgresql: newestPostgresql(),
    redis: inPath("redis-server"),
    postgresExporter: inPath("prometheus-postgres-exporter"),
    redisExporter: inPath("prometheus-redis-exporter"),
    nodeExporter: inPath("prometheus-node-exporter"),
  };
  return Object.values(found).every((path) => path !== null) ? (found as Stack) : null;
}

function newestPostgresql(): string | null {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return null;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return (
    versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "postgres"))) ??
    null
  );
}

async function provideK6(): Promise<string | null> {
  const found = await findK6(undefined, process.env);
  if (found) return found.path;
  try {
    return (await setupK6(process.env, console.warn)).path;
  } catch (thrown) {
    console.warn(String(thrown));
    return null;
  }
}
