import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { viteBundleText } from "./bundle-text.mjs";

const END_TO_END = "test/e2e";
/** Whose matrices `npm test` has time for a part of. */
const matrices = readdirSync(END_TO_END)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => `${END_TO_END}/${name}`)
  .filter((file) => readFileSync(file, "utf8").includes("rowsOf("));

/**
 * `npm run test:long`: trials that take minutes to hours, matrices of faults and systems as a whole, and what is known not
 * to hold yet (`it.fails`, with its reason). One file after the other, because most of them measure or use every core.
 */
export default defineConfig({
  plugins: [viteBundleText],
  test: {
    name: "long",
    include: ["test/**/*.long.test.ts", ...matrices],
    env: { HEADROOM_TESTS: "long" },
    globalSetup: ["test/setup.ts"],
    fileParallelism: false,
    testTimeout: 6 * 3_600_000,
    hookTimeout: 600_000,
  },
});
