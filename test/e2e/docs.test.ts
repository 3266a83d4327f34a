import { describe, it } from "vitest";
import { rowsOf } from "../matrix.ts";
import { PAGES, runPage } from "./run-page.ts";

describe.concurrent("what the documentation shows", () => {
  // The commands of the other two are those of capacity.test.ts and ci.test.ts, which look at what they say as well.
  const pages = rowsOf(PAGES, (page) => !/capacity|ci\.md/.test(page));

  it.each(pages)("%s: every command does what it says", async (page) => {
    await runPage(page);
  });
});
