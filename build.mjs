// Bundles the CLI into dist/, and with it every package but those in `dependencies`: a command starts by reading a few
// files instead of hundreds, and an install brings two packages. Code is split, so that a command loads only what it uses.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { bundleText } from "./bundle-text.mjs";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
const { outputFiles, metafile } = await build({
  write: false,
  metafile: true,
  entryPoints: { headroom: "src/cli/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: Object.keys(dependencies),
  sourcemap: true,
  sourcesContent: false,
  legalComments: "none",
  banner: {
    // Packages that are CommonJS still ask for Node's own modules by require.
    js: `#!/usr/bin/env node
import { createRequire as createRequireOfBundle } from "node:module";
const require = createRequireOfBundle(import.meta.url);`,
  },
  chunkNames: "chunks/[name]-[hash]",
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [bundleText],
  logLevel: "warning",
});
const files = outputFiles.map(({ path, contents }) => ({ path, contents: Buffer.from(contents) }));
files.push({ path: resolve("dist/THIRD-PARTY.txt"), contents: Buffer.from(licencesOf(metafile)) });
// What is the same stays as it is, and nothing is missing meanwhile: a command line at work is not pulled from under.
for (const { path, contents } of files) {
  if (existsSync(path) && readFileSync(path).equals(contents)) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}
const built = new Set(files.map(({ path }) => path));
for (const file of readdirSync("dist", { recursive: true, withFileTypes: true })) {
  const path = resolve(join(file.parentPath, file.name));
  if (file.isFile() && !built.has(path)) rmSync(path);
}
chmodSync("dist/headroom.js", 0o755);

/** The licences of the packages that are part of the bundle, as they ask. */
function licencesOf({ inputs }) {
  const folders = Object.keys(inputs).flatMap(
    (path) => /(^|\/)(node_modules\/(@[^/]+\/)?[^/]+)\//.exec(path)?.[2] ?? [],
  );
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
    return `${name} ${version}, ${license}\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}
