import { readFileSync, statSync } from "node:fs";
import { InputError, messageOf } from "../model/problem.ts";

/** A day-long run of many endpoints has a tenth of this; what is larger is some other file. */
const LARGEST_BYTES = 256 * 1024 ** 2;

/** A file the user named, whole; throws an InputError when it is missing, no file, unreadable or too large. */
export function readText(file: string, remedy: string): string {
  const fail = (message: string) => new InputError([{ file, message, remedy }]);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw fail("no such file");
  // A pipe has no size to look at beforehand.
  if (stat.isDirectory()) throw fail("is a folder");
  if (stat.size > LARGEST_BYTES) throw fail(`larger than ${LARGEST_BYTES / 1024 ** 2} MiB`);
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw fail(messageOf(thrown));
  }
}
