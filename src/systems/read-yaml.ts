import { existsSync, readFileSync, statSync } from "node:fs";
import { LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError, messageOf, type Problem } from "../model/problem.ts";

const LARGEST_BYTES = 1024 * 1024;

/** Where in a file a path such as ["client", 2, "max"] stands. */
export type LineOf = (path: readonly PropertyKey[]) => number | undefined;

/** A YAML file whose syntax is right; what its values mean is for a schema to say. */
export interface YamlFile {
  readonly raw: unknown;
  readonly text: string;
  readonly lineOf: LineOf;
}

/**
 * Reads a YAML file. Throws an InputError when it is missing, too large or not YAML.
 *
 * @param name how messages call the file
 */
export function readYaml(path: string, name: string): YamlFile {
  const fail = (message: string, remedy: string) => new InputError([{ file: name, message, remedy }]);
  if (!existsSync(path)) throw fail("no such file", "Check the name, or run `headroom init <slug>`");
  if (statSync(path).size > LARGEST_BYTES)
    throw fail("larger than 1 MiB", "A data file holds criteria, not data");
  return parseYaml(readFileSync(path, "utf8"), name);
}

export function parseYaml(text: string, name: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  // What follows the first syntax error is mostly its echo.
  const [error] = document.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    const message = `not YAML: ${error.message}`;
    throw new InputError([
      { file: name, line, message, remedy: "Mend the syntax; quote values with [ ] { } : #" },
    ]);
  }
  const lineOf: LineOf = (at) => {
    for (let depth = at.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(at.slice(0, depth), true);
      const start = (node as Node | null | undefined)?.range?.[0];
      if (start !== undefined) return lines.linePos(start).line;
    }
    return undefined;
  };
  return { raw: toPlain(() => document.toJS({ maxAliasCount: 100 }), name), text, lineOf };
}

function toPlain(convert: () => unknown, name: string): unknown {
  try {
    return convert();
  } catch (cause) {
    const remedy = "Write the values out instead of aliasing them";
    throw new InputError([{ file: name, message: messageOf(cause), remedy }]);
  }
}

/** zod's issues in the words of a person who has the file open. */
export function problemsOf(error: z.ZodError, file: string, lineOf?: LineOf): Problem[] {
  return error.issues.flatMap((issue) => {
    const line = lineOf?.(issue.path);
    const at = { file, ...(line === undefined ? {} : { line }), path: formatPath(issue.path) };
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => {
        const keyLine = lineOf?.([...issue.path, key]);
        return {
          ...at,
          ...(keyLine === undefined ? {} : { line: keyLine }),
          message: `unknown key "${key}"`,
          remedy: "Remove it, or correct its spelling (`headroom check --help` names the format's page)",
        };
      });
    }
    const missing = issue.code !== "custom" && issue.input === undefined;
    const isWhole = issue.code === "custom" && typeof issue.input === "object";
    const found = missing
      ? "missing"
      : isWhole
        ? "its parts do not go together"
        : `${shorten(issue.input)} is not right`;
    return [{ ...at, message: found, remedy: issue.message.replace(/^Invalid (input|option): /, "") }];
  });
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
    "",
  );
}

function shorten(value: unknown): string {
  // JSON has no word for infinity.
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
