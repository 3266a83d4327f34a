import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../model/problem.ts";

/** What `init` copies: a system that works and is checked like any other, but is not listed. */
export const TEMPLATE = "template";
const RESERVED = new Set(["lib", TEMPLATE]);

/** Names of the systems under a root: a thresholds file or a journey makes one. */
export function listSystems(root: string): string[] {
  const named = new Set<string>();
  for (const file of entries(join(root, "thresholds")))
    if (file.endsWith(".yaml")) named.add(file.slice(0, -5));
  for (const folder of entries(join(root, "scenarios"))) {
    if (existsSync(join(root, "scenarios", folder, "journey.ts"))) named.add(folder);
  }
  return [...named].filter((name) => !RESERVED.has(name)).sort();
}

/** Throws an InputError that lists what there is when the system is not among it. */
export function requireSystem(root: string, system: string): void {
  const known = listSystems(root);
  if (known.includes(system)) return;
  throw InputError.option(
    `unknown system "${system}"`,
    `Available under ${root}: ${known.join(", ") || "none"}`,
  );
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
