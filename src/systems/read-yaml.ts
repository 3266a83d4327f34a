import { existsSync, readFileSync, statSync } from "node:fs";
import { LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError, type Problem } from "../model/problem.ts";

const LARGEST_BYTES = 1024 * 1024;

/** Where in a file a path such as ["client", 2, "max"] stands. */
export type LineOf = (path: readonly PropertyKey[]) => number | undefined;

export interface YamlFile<T> {
  readonly value: T;
  readonly text: string;
  readonly lineOf: LineOf;
}

/**
 * Reads a YAML file and checks it against its schema. Throws an InputError with every problem in it: file, line,
 * path, the value found and what would be right.
 *
 * @param name how messages call the file
 */
export function readYaml<T>(path: string, name: string, schema: z.ZodType<T>): YamlFile<T> {
  if (!existsSync(path)) {
    throw new InputError([{ file: name, message: "no such file", remedy: "Check the name, or run `headroom init <slug>`" }]);
  }
  if (statSync(path).size > LARGEST_BYTES) {
    throw new InputError([{ file: name, message: "larger than 1 MiB", remedy: "A data file holds criteria, not data" }]);
  }
  return parseYaml(readFileSync(path, "utf8"), name, schema);
}

export function parseYaml<T>(text: string, name: string, schema: z.ZodType<T>): YamlFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => ({
        file: name,
        line: lines.linePos(error.pos[0]).line,
        message: `not YAML: ${error.message}`,
        remedy: "Mend the syntax",
      })),
    );
  }
  const lineOf: LineOf = (at) => {
    for (let depth = at.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(at.slice(0, depth), true);
      const start = (node as Node | null | undefined)?.range?.[0];
      if (start !== undefined) return lines.linePos(start).line;
    }
    return undefined;
  };
  const raw = toPlain(() => document.toJS({ maxAliasCount: 100 }), name);
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (parsed.success) return { value: parsed.data, text, lineOf };
  throw new InputError(problemsOf(parsed.error, name, lineOf));
}

function toPlain(convert: () => unknown, name: string): unknown {
  try {
    return convert();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{ file: name, message, remedy: "Write the values out instead of aliasing them" }]);
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
    const missing = issue.code === "invalid_type" && issue.input === undefined;
    const found = missing ? "missing" : `${shorten(issue.input)} is not right`;
    return [{ ...at, message: found, remedy: issue.message.replace(/^Invalid input: /, "") }];
  });
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    "",
  );
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
