import { existsSync, mkdirSync, mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { messageOf, ToolError } from "../model/problem.ts";

/**
 * A folder with all that is above it. Node's own `recursive` never ends where a file system has a folder that nothing can
 * be made in and says that it is not there (/proc).
 */
export function makeFolders(path: string): void {
  try {
    mkdirSync(path);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const parent = dirname(path);
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    if (code !== "ENOENT" || parent === path || existsSync(parent)) throw thrown;
    makeFolders(parent);
    mkdirSync(path);
  }
}

/** A folder of our own for as long as it is needed; a TMPDIR that cannot be used is said to be so. */
export function makeTemporaryFolder(prefix: string): string {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (thrown) {
    throw new ToolError(
      `no temporary folder can be made in ${tmpdir()}: ${messageOf(thrown)}`,
      "Make it, or set TMPDIR to a folder that can be written",
      thrown,
    );
  }
}
