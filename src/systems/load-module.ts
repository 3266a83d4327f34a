import { rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildFailure, build, type Plugin } from "esbuild";
import { InputError, messageOf, type Problem } from "../model/problem.ts";
import { makeTemporaryFolder } from "./make-folders.ts";

/**
 * Loads a scenario-side TypeScript module into Node: bundled by esbuild, with k6's own modules replaced by ones
 * that do nothing, since only the data beside them is wanted. Throws an InputError with the .ts line.
 *
 * @param file path below the root
 */
export async function loadModule(file: string, givenRoot: string): Promise<Record<string, unknown>> {
  const root = resolve(givenRoot);
  const code = await bundleForNode(join(root, file), root);
  const folder = makeTemporaryFolder("headroom-");
  try {
    const module = join(folder, "module.mjs");
    writeFileSync(module, code);
    return (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  } catch (thrown) {
    throw new InputError([
      { file, message: `throws when loaded: ${messageOf(thrown)}`, remedy: "Mend the module" },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundleForNode(path: string, root: string): Promise<string> {
  try {
    const built = await build({
      entryPoints: [path],
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node20",
      logLevel: "silent",
      absWorkingDir: root,
      define: { __ENV: "{}" },
      plugins: [stubK6],
    });
    return built.outputFiles[0]?.text ?? "";
  } catch (thrown) {
    throw new InputError(buildProblems(thrown, root));
  }
}

/** esbuild's messages as problems with the place in the source. */
export function buildProblems(thrown: unknown, root: string): Problem[] {
  const errors = (thrown as Partial<BuildFailure>).errors;
  if (!errors) return [{ file: root, message: messageOf(thrown), remedy: "See the message" }];
  return errors.map((error) => ({
    file: error.location ? relative(root, join(root, error.location.file)) : "bundle",
    ...(error.location ? { line: error.location.line } : {}),
    ...(error.location ? { path: `column ${error.location.column + 1}` } : {}),
    message: error.text,
    remedy: error.notes[0]?.text ?? "Mend the source",
  }));
}

/** Any import of k6 answers a callable, constructible nothing. */
const stubK6: Plugin = {
  name: "stub-k6",
  setup(build) {
    build.onResolve({ filter: /^k6(\/|$)/ }, ({ path }) => ({ path, namespace: "k6" }));
    build.onLoad({ filter: /.*/, namespace: "k6" }, () => ({
      // esbuild copies a CommonJS module's own keys and keeps its prototype: the proxy answers for every name there.
      contents: `const nothing = new Proxy(function () {}, { get: () => nothing, apply: () => nothing, construct: () => nothing });
        module.exports = Object.create(new Proxy({}, { get: () => nothing }));`,
      loader: "js",
    }));
  },
};
