// Bundles the CLI into dist/. Code is split so that a command loads only what it uses: `headroom --help`
// must start in well under 150 ms. Packages stay external: npm installs them beside dist/.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { bundleText } from "./bundle-text.mjs";

const { outputFiles } = await build({
  write: false,
  entryPoints: { headroom: "src/cli/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  sourcemap: true,
  banner: { js: "#!/usr/bin/env node" },
  chunkNames: "chunks/[name]-[hash]",
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [bundleText],
  logLevel: "warning",
});
// What is the same stays as it is, and nothing is missing meanwhile: a command line at work is not pulled from under.
for (const { path, contents } of outputFiles) {
  if (existsSync(path) && readFileSync(path).equals(contents)) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}
const built = new Set(outputFiles.map(({ path }) => path));
for (const file of readdirSync("dist", { recursive: true, withFileTypes: true })) {
  const path = resolve(join(file.parentPath, file.name));
  if (file.isFile() && !built.has(path)) rmSync(path);
}
chmodSync("dist/headroom.js", 0o755);
