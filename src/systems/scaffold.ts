import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "../model/problem.ts";
import { packageRoot } from "./find-root.ts";
import { TEMPLATE } from "./list-systems.ts";
import { makeFolders } from "./make-folders.ts";

/** A name longer than this makes names of files that a file system does not take. */
const LONGEST_NAME = 60;

/**
 * Writes a new system from the template that ships beside the systems, and scenarios/lib where the root does not
 * have it. Touches nothing that exists; what it makes is complete or not there.
 *
 * @returns paths below the root
 */
export function writeSystem(root: string, slug: string): string[] {
  if (
    !/^[a-z0-9][a-z0-9-]*$/.test(slug) ||
    slug === TEMPLATE ||
    slug === "lib" ||
    slug.length > LONGEST_NAME
  ) {
    throw InputError.option(
      `"${slug.slice(0, LONGEST_NAME)}${slug.length > LONGEST_NAME ? "…" : ""}" is no name for a system`,
      "Use lower-case letters, digits and dashes, at most 60; lib and template are taken",
    );
  }
  const folder = join(root, "scenarios", slug);
  const dataFiles = ["thresholds", "profiles"].map((kind) => join(kind, `${slug}.yaml`));
  const taken = [folder, ...dataFiles.map((file) => join(root, file))].filter(existsSync);
  if (taken.length > 0) {
    const remedy = "Choose another name, or remove it first";
    throw new InputError(taken.map((file) => ({ file, message: "exists already", remedy })));
  }
  const source = packageRoot();
  const unfinished = join(root, "scenarios", `.${slug}.${process.pid}.tmp`);
  makeFolders(join(root, "scenarios"));
  const written = [...dataFiles, `scenarios/${slug}/`];
  try {
    cpSync(join(source, "scenarios", TEMPLATE), unfinished, { recursive: true });
    for (const file of dataFiles) {
      const path = join(root, file);
      makeFolders(dirname(path));
      const text = readFileSync(join(source, dirname(file), `${TEMPLATE}.yaml`), "utf8");
      writeFileSync(`${unfinished}.yaml`, text.replaceAll(TEMPLATE, slug));
      renameSync(`${unfinished}.yaml`, path);
    }
    renameSync(unfinished, folder);
  } catch (thrown) {
    for (const file of dataFiles) rmSync(join(root, file), { force: true });
    throw thrown;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    rmSync(`${unfinished}.yaml`, { force: true });
  }
  const lib = join(root, "scenarios", "lib");
  if (existsSync(lib)) return written;
  cpSync(join(source, "scenarios", "lib"), lib, { recursive: true });
  return [...written, "scenarios/lib/"];
}
