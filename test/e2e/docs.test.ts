import { describe, it } from "vitest";
import { PAGES, runPage } from "./run-page.ts";

describe.concurrent("what the documentation shows", () => {
  it.each(PAGES)("%s: every command does what it says", async (page) => {
    await runPage(page);
  });
});
