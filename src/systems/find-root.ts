import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../model/problem.ts";

/** Where this package stands: the folder that holds the shipped systems and scenarios/lib. */
export function packageRoot(): string {
  return ancestorWith(dirname(fileURLToPath(import.meta.url)), isShipped) ?? process.cwd();
}

/**
 * Where scenarios/ and thresholds/ are: the given folder, else the nearest ancestor of `cwd` that has both,
 * else the shipped systems.
 */
export function findRoot(given: string | undefined, cwd: string): string {
  if (given !== undefined) {
    const root = resolve(cwd, given);
    if (hasSystems(root)) return root;
    throw new InputError([
      {
        file: given,
        message: "holds no scenarios/ and thresholds/",
        remedy: "Give the folder that has both, or run `headroom init <slug>` in it",
      },
    ]);
  }
  return ancestorWith(cwd, hasSystems) ?? packageRoot();
}

const hasSystems = (folder: string) =>
  existsSync(join(folder, "scenarios")) && existsSync(join(folder, "thresholds"));
const isShipped = (folder: string) =>
  existsSync(join(folder, "scenarios", "lib", "bind.ts")) && existsSync(join(folder, "package.json"));

function ancestorWith(start: string, holds: (folder: string) => boolean): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (holds(folder)) return folder;
    if (dirname(folder) === folder) return null;
  }
}
