import { defineConfig } from "vitest/config";
import { viteBundleText } from "./bundle-text.mjs";
import { LongestFirst } from "./test/longest-first.ts";

const ALONE = ["baseline", "distributed", "prometheus"].map((name) => `test/e2e/${name}.test.ts`);
/** Run by `npm run test:long` alone. */
const LONG = "test/**/*.long.test.ts";
/** For what never ends: a busy machine does not reach it. */
const endToEnd = { testTimeout: 300_000, hookTimeout: 300_000, maxConcurrency: 3, isolate: false };

export default defineConfig({
  plugins: [viteBundleText],
  test: {
    reporters: ["default"],
    globalSetup: ["test/setup.ts"],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        // Some compute for seconds, on a busy machine for several times as long.
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/stack/**", LONG],
          testTimeout: 60_000,
          // Most of a file's time is the loading of what it tests: a worker loads it once for all its files.
          isolate: false,
        },
      },
      {
        // Three at a time: most of their time is spent waiting for a load to end.
        extends: true,
        test: {
          ...endToEnd,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: [...ALONE, LONG],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // What measures is measured alone.
        extends: true,
        test: {
          ...endToEnd,
          name: "e2e-alone",
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // The gate and the planner against a database, a cache and exporters, all real: npm run test:stack.
        extends: true,
        test: {
          ...endToEnd,
          name: "stack",
          include: ["test/stack/**/*.test.ts"],
          exclude: [LONG],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
