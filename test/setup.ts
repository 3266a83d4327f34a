import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
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
  }
}

/**
 * Builds the CLI the end-to-end tests drive and finds the real parts. On a developer's machine a missing part skips
 * its tests and says so; in CI it is a failure.
 */
export default async function setup(project: TestProject): Promise<void> {
  execFileSync(process.execPath, ["build.mjs"], { stdio: "inherit" });
  const k6 = await provideK6();
  const prometheus =
    ["/usr/bin/prometheus", "/usr/local/bin/prometheus", "/opt/homebrew/bin/prometheus"].find(existsSync) ??
    null;
  const chromium =
    [
      "/usr/bin/chromium",
      "/usr/bin/chromium-browser",
      "/usr/bin/google-chrome",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ].find(existsSync) ?? null;
  const missing = Object.entries({ k6, prometheus, chromium }).flatMap(([name, path]) =>
    path === null ? [name] : [],
  );
  if (missing.length > 0 && process.env.CI)
    throw new Error(`CI must have ${missing.join(" and ")}: see .ci/install-packages`);
  for (const name of missing)
    console.warn(`\n!!! ${name} is not here: the end-to-end tests that need it are SKIPPED\n`);
  project.provide("k6", k6);
  project.provide("prometheus", prometheus);
  project.provide("chromium", chromium);
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
