// Parts of the source, bundled so that a bench can call them in this process.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./lib.mjs";

/** Imports a module of src/ by its path below it. */
export async function importSource(path) {
  const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));
  const outfile = join(folder, "module.mjs");
  try {
    const entryPoints = [join(root, "src", path)];
    // What is loaded when it is needed is looked for beside the project, not beside the bundle.
    const define = { "import.meta.url": JSON.stringify(pathToFileURL(join(root, "package.json")).href) };
    const format = { bundle: true, platform: "node", format: "esm", define };
    await build({ entryPoints, outfile, ...format, logLevel: "error" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
