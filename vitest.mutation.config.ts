import { defineConfig } from "vitest/config";

/** The tests that mutants of the verdict, the statistics and the sizers must not survive. */
export default defineConfig({
  test: { include: ["test/{gate,stats,planner,model}/**/*.test.ts"] },
});
