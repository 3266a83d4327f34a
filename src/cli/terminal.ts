import type { WriteStream } from "node:tty";
import { stripControls } from "../reporters/safe-text.ts";

/** Options every command has. */
export interface CommonOptions {
  readonly root?: string;
  readonly out?: string;
  readonly format?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/**
 * Where a command speaks: results on stdout, progress and notices on stderr. What it says may hold names and answers of
 * others: control characters in them are left out.
 */
export interface Terminal {
  /** A result for a person. */
  print(text: string): void;
  /** The result for a machine, as it is. */
  printJson(value: unknown): void;
  /** A notice for the person who waits; silent with --quiet. */
  note(text: string): void;
  readonly color: boolean;
  readonly columns: number;
  readonly isInteractive: boolean;
  readonly stderr: WriteStream;
}

export function openTerminal({ quiet, color }: Pick<CommonOptions, "quiet" | "color">): Terminal {
  const { stdout, stderr, env } = process;
  const inColor =
    color !== false && !env.NO_COLOR && (stdout.isTTY === true || (env.FORCE_COLOR ?? "0") !== "0");
  return {
    print: (text) => stdout.write(`${stripControls(text.replace(/\n$/, ""), inColor)}\n`),
    printJson: (value) => stdout.write(`${JSON.stringify(value)}\n`),
    note: (text) => {
      if (!quiet) stderr.write(`${stripControls(text)}\n`);
    },
    color: inColor,
    columns: stdout.columns ?? 120,
    isInteractive: !quiet && stderr.isTTY === true && !env.CI,
    stderr,
  };
}
