import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../model/problem.ts";
import { packageRoot } from "./find-root.ts";
import { TEMPLATE } from "./list-systems.ts";

/**
 * Writes a new system from the template that ships beside the systems, and scenarios/lib where the root does not
 * have it. Touches nothing that exists; what it makes is complete or not there.
 *
 * @returns paths below the root
 */
export function writeSystem(root: string, slug: string): string[] {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(slug) || slug === TEMPLATE || slug === "lib") {
    throw InputError.option(
      `"${slug}" is no name for a system`,
      "Use lower-case letters, digits and dashes; lib and template are taken",
    );
  }
  const folder = join(root, "scenarios", slug);
  const criteria = join(root, "thresholds", `${slug}.yaml`);
  const taken = [folder, criteria].filter(existsSync);
  if (taken.length > 0) {
    const remedy = "Choose another name, or remove it first";
    throw new InputError(taken.map((file) => ({ file, message: "exists already", remedy })));
  }
  const source = packageRoot();
  const unfinished = join(root, "scenarios", `.${slug}.${process.pid}.tmp`);
  mkdirSync(join(root, "scenarios"), { recursive: true });
  mkdirSync(join(root, "thresholds"), { recursive: true });
  try {
    cpSync(join(source, "scenarios", TEMPLATE), unfinished, { recursive: true });
    const text = readFileSync(join(source, "thresholds", `${TEMPLATE}.yaml`), "utf8").replaceAll(
      TEMPLATE,
      slug,
    );
    writeFileSync(`${unfinished}.yaml`, text);
    renameSync(`${unfinished}.yaml`, criteria);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    rmSync(`${unfinished}.yaml`, { force: true });
  }
  const written = [`thresholds/${slug}.yaml`, `scenarios/${slug}/`];
  const lib = join(root, "scenarios", "lib");
  if (existsSync(lib)) return written;
  cpSync(join(source, "scenarios", "lib"), lib, { recursive: true });
  return [...written, "scenarios/lib/"];
}
