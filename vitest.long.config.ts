import { defineConfig } from "vitest/config";
import { viteBundleText } from "./bundle-text.mjs";

/**
 * `npm run test:long`: trials that take minutes to hours, and what is known not to hold yet (`it.fails`, with its
 * reason). Files `*.long.test.ts`, one after the other, because most of them measure or use every core.
 */
export default defineConfig({
  plugins: [viteBundleText],
  test: {
    name: "long",
    include: ["test/**/*.long.test.ts"],
    globalSetup: ["test/setup.ts"],
    fileParallelism: false,
    testTimeout: 6 * 3_600_000,
    hookTimeout: 600_000,
  },
});
