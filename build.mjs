// Bundles the CLI into dist/. Code is split so that a command loads only what it uses: `headroom --help`
// must start in well under 150 ms. Packages stay external: npm installs them beside dist/.
import { chmodSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { bundleText } from "./bundle-text.mjs";

rmSync("dist", { recursive: true, force: true });
await build({
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
chmodSync("dist/headroom.js", 0o755);
