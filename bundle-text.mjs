// `import text from "./x.ts?bundle"` is the text of a browser script bundled from x.ts; `?text` is a file as it is.
// Reports carry their script and style inside. One plugin for the build and one for the tests, the same bundle in both.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { build } from "esbuild";

const KINDS = /\?(bundle|text)$/;

async function textOf(path, kind) {
  if (kind === "text") return readFileSync(path, "utf8");
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    logLevel: "warning",
  });
  return outputFiles[0].text.trim();
}

function fileOf(request, importer) {
  const bare = request.replace(KINDS, "");
  return bare.startsWith(".") ? resolve(dirname(importer), bare) : createRequire(importer).resolve(bare);
}

/** For esbuild. */
export const bundleText = {
  name: "bundle-text",
  setup(pipeline) {
    pipeline.onResolve({ filter: KINDS }, ({ path, importer }) => ({
      path: fileOf(path, importer),
      namespace: `as-${KINDS.exec(path)[1]}`,
    }));
    for (const kind of ["bundle", "text"])
      pipeline.onLoad({ filter: /.*/, namespace: `as-${kind}` }, async ({ path }) => ({
        contents: await textOf(path, kind),
        loader: "text",
      }));
  },
};

/** For vitest. */
export const viteBundleText = {
  name: "bundle-text",
  enforce: "pre",
  resolveId(source, importer) {
    const kind = KINDS.exec(source)?.[1];
    // The mark at the end keeps other plugins from taking it for what its name ends in.
    return kind && importer ? `\0${kind}:${fileOf(source, importer)}#text` : null;
  },
  async load(id) {
    const match = /^\0(bundle|text):(.*)#text$/s.exec(id);
    return match ? `export default ${JSON.stringify(await textOf(match[2], match[1]))}` : null;
  },
};
