import { dirname, join } from "node:path";
import { type BuildOptions, type BuildResult, build, type Plugin } from "esbuild";
import { InputError } from "../../model/problem.ts";
import { buildProblems } from "../../systems/load-module.ts";
import type { K6Thresholds } from "./thresholds.ts";

/** What the bundle adds to the script's own options. */
export interface AddedOptions {
  readonly thresholds: K6Thresholds;
  readonly summaryTrendStats: readonly string[];
  /** Ranges that k6 may not connect to (its option; checked at every dial, after the name was looked up). */
  readonly blacklistIPs: readonly string[];
  readonly dns?: { readonly ttl: string };
}

/**
 * One self-contained script for k6: the user's modules, npm packages and tsconfig paths resolved, TypeScript and
 * decorators compiled, source maps inline so that k6's stacks name the .ts line. Around it goes the instrumentation
 * of scenarios/lib/instrument.ts. Throws an InputError with the place of a syntax error or a missing import.
 *
 * @param summaryFile where k6 writes its summary
 * @param countsHosts whether requests are counted by host, for a script that may go where it likes
 */
export async function bundleScript(
  script: string,
  lib: string,
  added: AddedOptions,
  summaryFile: string,
  countsHosts: boolean,
): Promise<string> {
  const exports = await exportsOf(script);
  const built = await bundle(script, {
    stdin: {
      contents: [
        // The counter is there even when the script requests nothing: k6 refuses thresholds of what it does not know.
        ...(countsHosts ? [`import ${JSON.stringify(join(lib, "hosts.ts"))};`] : []),
        entry(script, exports, join(lib, "instrument.ts"), added, summaryFile),
      ].join("\n"),
      resolveDir: dirname(script),
      sourcefile: "headroom-entry.js",
      loader: "js",
    },
    sourcemap: "inline",
    sourcesContent: false,
    plugins: countsHosts ? [countHosts(lib)] : [],
  });
  return built.outputFiles?.[0]?.text ?? "";
}

/** The same for a generator of several, small: it judges nothing, because what it sees alone is no verdict. */
export async function bundleForRunner(script: string, lib: string): Promise<string> {
  const built = await bundle(script, {
    stdin: {
      contents: runnerEntry(script, await exportsOf(script), join(lib, "instrument.ts")),
      resolveDir: dirname(script),
      sourcefile: "headroom-entry.js",
      loader: "js",
    },
    minify: true,
  });
  return built.outputFiles?.[0]?.text ?? "";
}

/** Puts scenarios/lib's counting modules in the place of k6's own; they themselves get the real ones. */
function countHosts(lib: string): Plugin {
  const counted: Record<string, string> = {
    "k6/http": "counted-http.ts",
    "k6/ws": "counted-ws.ts",
    "k6/websockets": "counted-websockets.ts",
    "k6/experimental/websockets": "counted-websockets.ts",
  };
  return {
    name: "count-hosts",
    setup(build) {
      build.onResolve({ filter: /^k6\// }, ({ path, importer }) => {
        const file = counted[path];
        const isOurs = dirname(importer) === lib;
        return file === undefined || isOurs ? { path, external: true } : { path: join(lib, file) };
      });
    },
  };
}

async function exportsOf(script: string): Promise<string[]> {
  const built = await bundle(script, { entryPoints: [script], metafile: true });
  const output = Object.values(built.metafile?.outputs ?? {})[0];
  return output?.exports ?? [];
}

async function bundle(script: string, options: BuildOptions): Promise<BuildResult<BuildOptions>> {
  const root = process.cwd();
  try {
    return await build({
      bundle: true,
      write: false,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "es2022",
      external: ["k6", "k6/*", "https://*"],
      absWorkingDir: root,
      logLevel: "silent",
      ...options,
    });
  } catch (thrown) {
    const problems = buildProblems(thrown, root);
    throw new InputError(
      problems.length > 0
        ? problems
        : [{ file: script, message: "cannot be bundled", remedy: "Mend the script" }],
    );
  }
}

/** k6 knows these by name and calls them once: what they throw ends the run and need not be counted. */
const LIFECYCLE = new Set(["options", "default", "handleSummary", "setup", "teardown"]);

function entry(
  script: string,
  exports: readonly string[],
  instrument: string,
  added: AddedOptions,
  summaryFile: string,
): string {
  const own = (name: string) => (exports.includes(name) ? `script.${name}` : "undefined");
  return [
    `import * as script from ${JSON.stringify(script)};`,
    `import { guard, mergeOptions, summarise } from ${JSON.stringify(instrument)};`,
    `export const options = mergeOptions(${own("options")}, ${JSON.stringify(added)});`,
    ...guarded(exports),
    `export const handleSummary = (data) => summarise(data, ${JSON.stringify(summaryFile)}, ${own("handleSummary")});`,
  ].join("\n");
}

function runnerEntry(script: string, exports: readonly string[], instrument: string): string {
  return [
    `import * as script from ${JSON.stringify(script)};`,
    `import { guard } from ${JSON.stringify(instrument)};`,
    "export const options = script.options;",
    ...guarded(exports),
  ].join("\n");
}

/** The script's functions, those that k6 calls again and again with their exceptions counted. */
function guarded(exports: readonly string[]): string[] {
  const has = (name: string) => exports.includes(name);
  return [
    has("default") ? "export default guard(script.default);" : "",
    ...["setup", "teardown"].filter(has).map((name) => `export const ${name} = script.${name};`),
    ...exports
      .filter((name) => !LIFECYCLE.has(name))
      .map(
        (name) =>
          `export const ${name} = typeof script.${name} === "function" ? guard(script.${name}) : script.${name};`,
      ),
  ];
}
