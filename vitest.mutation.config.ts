import { defineConfig } from "vitest/config";

/**
 * The tests that mutants of the verdict, the statistics and the sizers must not survive. Whole forecasts
 * of many made-up years are left out: too slow to be asked of every mutant, and about something else.
 */
export default defineConfig({
  test: {
    include: ["test/{gate,stats,planner,model}/**/*.test.ts"],
    exclude: ["test/planner/forecast.test.ts", "test/**/*.long.test.ts"],
    testTimeout: 60_000,
  },
});
