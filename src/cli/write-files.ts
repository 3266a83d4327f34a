import { existsSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { messageOf, ToolError } from "../model/problem.ts";
import { makeFolders } from "../systems/make-folders.ts";

/** Writes a file whole or not at all: to a temporary name beside it, then renamed. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    makeFolders(dirname(path));
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (cause) {
    discard(temporary);
    throw new ToolError(
      `cannot write ${path}: ${messageOf(cause)}`,
      "Check the disk and the permissions, or give another folder with --out",
      cause,
    );
  }
}

/** What cannot be removed was never there, or the folder itself is gone. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // the error that led here is the one to tell
  }
}

/** What a full disk does not take although it takes the names of files. */
const PROBE = "x".repeat(64 * 1024);

/** Makes a run's folder, so that a full or read-only disk is found before the load and not after it. */
export function makeFolder(path: string): string {
  try {
    makeFolders(path);
    writeFileSync(join(path, ".probe"), PROBE);
    rmSync(join(path, ".probe"));
    return path;
  } catch (cause) {
    discard(join(path, ".probe"));
    throw new ToolError(
      `cannot write to ${path}: ${messageOf(cause)}`,
      "Give another folder with --out",
      cause,
    );
  }
}

/** Removes a folder that nothing was written to. */
export function removeIfEmpty(path: string): void {
  if (existsSync(path) && readdirSync(path).length === 0) rmdirSync(path);
}

/** A path as it is shortest to type from here. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== "" && !near.startsWith("..") ? near : path;
}
