import { describe, it } from "vitest";
import { PAGES, runPage } from "./run-page.ts";

describe("what README and documentation show, for as long as they say", () => {
  it.each(["README.md", ...PAGES])("%s: every command does what it says", async (page) => {
    await runPage(page, { isWhole: true });
  });
});
