import { InputError } from "../model/problem.ts";
import { csv } from "./csv.ts";
import { html } from "./html/index.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { Reporter } from "./report.ts";

export const reporters: Readonly<Record<string, Reporter>> = { json, junit, markdown, csv, html };

/** The entries of a registry that `--format a,b` names; all of them when nothing is said. */
export function chooseFormats<T>(registry: Readonly<Record<string, T>>, formats: string | undefined): T[] {
  const names = formats === undefined ? Object.keys(registry) : formats.split(",").map((name) => name.trim());
  return names.map((name) => {
    const chosen = Object.hasOwn(registry, name) ? registry[name] : undefined;
    if (!chosen)
      throw InputError.option(`unknown format "${name}"`, `Available: ${Object.keys(registry).join(", ")}`);
    return chosen;
  });
}

export const chooseReporters = (formats: string | undefined): Reporter[] => chooseFormats(reporters, formats);
