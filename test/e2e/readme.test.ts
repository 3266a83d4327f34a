import { describe, it } from "vitest";
import { runPage } from "./run-page.ts";

describe("what the README shows", () => {
  it("every command does what it says", async () => {
    await runPage("README.md");
  });
});
