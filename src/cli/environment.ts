import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { RunResult } from "../model/run.ts";
import { packageRoot } from "../systems/find-root.ts";

export function headroomVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string })
    .version;
}

/** The machine a run was made on. */
export function describeEnvironment(env: NodeJS.ProcessEnv): RunResult["environment"] {
  const ci = env.GITHUB_ACTIONS
    ? "GitHub Actions"
    : env.GITLAB_CI
      ? "GitLab CI"
      : env.JENKINS_URL
        ? "Jenkins"
        : env.CI
          ? "CI"
          : null;
  return {
    headroom: headroomVersion(),
    node: process.version,
    os: `${type()} ${release()} ${process.arch}`,
    cpuCores: availableParallelism(),
    cpuModel: cpus()[0]?.model.trim() ?? "unknown",
    memoryBytes: totalmem(),
    ci,
  };
}

/** Files and sockets that this process may have open at once; null where the system does not say. */
export function openFilesLimit(): number | null {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : null;
}
