import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../model/problem.ts";
import { makeFolder } from "./write-files.ts";

const LOCK = ".headroom.lock";
/** How often a holder says that it is still there. */
const TOUCH_MS = 30_000;
/** A holder whose process cannot be looked at (another machine's, or a lock half written) and that said nothing for so long is gone. */
const SILENT_MS = 300_000;

const Holder = z.object({ pid: z.number(), began: z.string(), host: z.string() });
type Holder = z.infer<typeof Holder>;

export interface HeldFolder {
  readonly path: string;
  release(): void;
}

/**
 * Makes a run's folder and keeps it to this process: a second run into it is refused, and one that was killed there is
 * no obstacle.
 */
export function holdFolder(path: string): HeldFolder {
  makeFolder(path);
  const lock = join(path, LOCK);
  while (!create(lock)) takeAway(lock, path);
  const touching = setInterval(() => touch(lock), TOUCH_MS).unref();
  const release = () => {
    clearInterval(touching);
    process.off("exit", release);
    rmSync(lock, { force: true });
  };
  process.once("exit", release);
  return { path, release };
}

function create(lock: string): boolean {
  try {
    writeFileSync(lock, JSON.stringify(holderOf(process.pid)), { flag: "wx" });
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw thrown;
  }
}

/** Removes the lock of a process that is gone; refuses when it is not. */
function takeAway(lock: string, path: string): void {
  const text = readQuietly(lock);
  if (text === null) return; // let go of in this moment
  const holder = parseHolder(text);
  if (isThere(holder, lock))
    throw InputError.option(
      `${path} is being written by another run (process ${holder?.pid ?? "unknown"}${holder === null || holder.host === hostname() ? "" : ` on ${holder.host}`})`,
      `Give another --out, or wait until it ends; if there is no such run, remove ${lock}`,
    );
  const stale = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, stale);
  } catch {
    return; // another one was faster: the lock is looked at anew
  }
  // Between reading and renaming another run may have taken the stale one away and put its own there: it gets it back.
  if (readQuietly(stale) === text) rmSync(stale, { force: true });
  else renameSync(stale, lock);
}

function isThere(holder: Holder | null, lock: string): boolean {
  if (holder?.host === hostname()) return startOf(holder.pid) === holder.began;
  return Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0) < SILENT_MS;
}

const holderOf = (pid: number): Holder => ({ pid, began: startOf(pid) ?? "", host: hostname() });

/** When a process began, in the system's own words: a number that is used again began at another time. */
function startOf(pid: number): string | null {
  const stat = readQuietly(`/proc/${pid}/stat`);
  // Field 22, in clock ticks after boot; the second, its name, may hold spaces and ends with the last bracket.
  if (stat !== null) {
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  }
  try {
    const said = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    return said.toString().trim() || null;
  } catch {
    return null;
  }
}

function parseHolder(text: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return null; // not one of ours, or cut short by a full disk
  }
}

function readQuietly(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function touch(lock: string): void {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // the folder has vanished: there is nothing to hold any more
  }
}
