import { describe, it } from "vitest";
import { runPage } from "./run-page.ts";

describe("what the documentation shows", () => {
  it.each(["gate", "plan", "capacity", "ci", "distributed", "adding-a-system"])(
    "docs/%s.md: every command does what it says",
    async (page) => {
      await runPage(`docs/${page}.md`, 18_000);
    },
  );
});
