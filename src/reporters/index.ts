import { InputError } from "../model/problem.ts";
import { csv } from "./csv.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { Reporter } from "./report.ts";

export const reporters: Readonly<Record<string, Reporter>> = { json, junit, markdown, csv };

/** The reporters of `--format a,b`; all of them when nothing is said. */
export function chooseReporters(formats: string | undefined): Reporter[] {
  const names =
    formats === undefined ? Object.keys(reporters) : formats.split(",").map((name) => name.trim());
  return names.map((name) => {
    const reporter = Object.hasOwn(reporters, name) ? reporters[name] : undefined;
    if (!reporter)
      throw InputError.option(`unknown format "${name}"`, `Available: ${Object.keys(reporters).join(", ")}`);
    return reporter;
  });
}
