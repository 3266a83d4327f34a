import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readText } from "../../src/cli/read-text.ts";

const folder = mkdtempSync(join(tmpdir(), "headroom-read-"));
const file = (name: string, text = "") => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("a file the user names", () => {
  it("is read whole", () => expect(readText(file("a", "größer\n"), "")).toBe("größer\n"));

  it.each([
    ["no such file", () => join(folder, "nothing")],
    ["is a folder", () => folder],
    [
      "larger than 256 MiB",
      () => {
        // Sparse: it has a size, and no disk is filled for it.
        const huge = file("huge");
        truncateSync(huge, 10 * 1024 ** 4);
        return huge;
      },
    ],
  ])("that is not one is one message: %s", (message, make) => {
    expect(() => readText(make(), "Give another")).toThrow(message);
  });
});
