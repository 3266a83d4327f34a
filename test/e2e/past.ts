import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { listSystems } from "../../src/systems/list-systems.ts";
import { headroom, temporaryFolder } from "./cli.ts";
import { backfillInto } from "./prometheus-server.ts";
import { until } from "./wait.ts";

export const AS_OF = "2026-11-16";
/** Each system a past of its own, so that not all have the same luck. */
export const seedOf = (system: string) => String(listSystems(".").indexOf(system) + 1);

export interface KeptPast {
  /** The file of its samples, as OpenMetrics. */
  readonly text: string;
  /** A copy of its blocks for one Prometheus to start on. */
  blocks(): string;
}

/** 90 made-up days of a system, made once for all tests of a run: the files whose tests ask first make them. */
export async function pastOf(system: string): Promise<KeptPast> {
  const folder = join(inject("shared"), `past-${system}`);
  const [text, data, done] = ["history.txt", "data", "done"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  if (isFirst(folder)) {
    const args = ["--write-history", text, "--scrape", "2m", "--as-of", AS_OF, "--seed", seedOf(system)];
    const made = await headroom(["testbed", system, ...args]);
    if (made.exitCode !== 0) throw new Error(`no past of ${system}: ${made.stderr}`);
    await backfillInto(text, data);
    writeFileSync(done, "");
  } else await until(() => existsSync(done), `the past of ${system}`, 240);
  return {
    text,
    blocks: () => {
      const copy = join(temporaryFolder(), "data");
      cpSync(data, copy, { recursive: true });
      return copy;
    },
  };
}

/** Whoever makes the folder fills it. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
