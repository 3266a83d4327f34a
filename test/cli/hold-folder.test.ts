import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { holdFolder } from "../../src/cli/hold-folder.ts";

const LOCK = ".headroom.lock";
const folder = () => mkdtempSync(join(tmpdir(), "headroom-hold-"));
const leave = (path: string, lock: unknown) => {
  writeFileSync(join(path, LOCK), typeof lock === "string" ? lock : JSON.stringify(lock));
  return path;
};
const lockIn = (path: string) => JSON.parse(readFileSync(join(path, LOCK), "utf8"));

describe("a run's folder", () => {
  it("is held until it is let go, by one run at a time", () => {
    const held = holdFolder(folder());
    expect(() => holdFolder(held.path)).toThrow(/is being written by another run \(process \d+\)/);
    held.release();
    expect(readdirSync(held.path)).toEqual([]);
    holdFolder(held.path).release();
  });

  it("is taken over from a process that is gone, and from one whose number another has now", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "close");
    const gone = leave(folder(), { pid: child.pid, began: "1", host: hostname() });
    const again = leave(folder(), { pid: process.pid, began: "1", host: hostname() });
    for (const path of [gone, again]) {
      const held = holdFolder(path);
      expect(lockIn(path)).toMatchObject({ pid: process.pid, host: hostname() });
      held.release();
      expect(readdirSync(path)).toEqual([]);
    }
  });

  it("is left to another machine's run for as long as that says it is there", () => {
    const path = leave(folder(), { pid: 1, began: "1", host: "elsewhere" });
    expect(() => holdFolder(path)).toThrow(/\(process 1 on elsewhere\)/);
    const longAgo = new Date(Date.now() - 600_000);
    utimesSync(join(path, LOCK), longAgo, longAgo);
    holdFolder(path).release();
  });

  it("is not lost to a lock that was half written", () => {
    const path = leave(folder(), '{"pid":');
    expect(() => holdFolder(path)).toThrow(/process unknown/);
    utimesSync(join(path, LOCK), new Date(0), new Date(0));
    holdFolder(path).release();
  });
});
