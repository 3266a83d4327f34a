import { existsSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolders } from "../../src/systems/make-folders.ts";

describe("folders", () => {
  const folder = mkdtempSync(join(tmpdir(), "headroom-folders-"));

  it("are made with all that is above them, and may be there already", () => {
    const deep = join(folder, "a", "b", "c");
    makeFolders(deep);
    makeFolders(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
  });

  it("cannot be made where a file is, nor below one", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => makeFolders(file)).toThrow("EEXIST");
    expect(() => makeFolders(join(file, "a", "b"))).toThrow("ENOTDIR");
    expect(() => makeFolders(join(folder, "x".repeat(300)))).toThrow("ENAMETOOLONG");
  });

  it.skipIf(!existsSync("/proc/self"))("do not take for ever where nothing can be made", () => {
    expect(() => makeFolders("/proc/x")).toThrow("ENOENT");
    expect(() => makeFolders("/proc/x/y/z")).toThrow("ENOENT");
  });
});
