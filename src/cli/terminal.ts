import type { WriteStream } from "node:tty";

/** Options every command has. */
export interface CommonOptions {
  readonly root?: string;
  readonly out?: string;
  readonly format?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** Where a command speaks: results on stdout, progress and notices on stderr. */
export interface Terminal {
  /** A result. */
  print(text: string): void;
  /** A notice for the person who waits; silent with --quiet. */
  note(text: string): void;
  readonly color: boolean;
  readonly columns: number;
  readonly isInteractive: boolean;
  readonly stderr: WriteStream;
}

export function openTerminal({ quiet, color }: Pick<CommonOptions, "quiet" | "color">): Terminal {
  const { stdout, stderr, env } = process;
  return {
    print: (text) => stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    note: (text) => {
      if (!quiet) stderr.write(`${text}\n`);
    },
    color: color !== false && !env.NO_COLOR && (stdout.isTTY === true || (env.FORCE_COLOR ?? "0") !== "0"),
    columns: stdout.columns ?? 120,
    isInteractive: !quiet && stderr.isTTY === true && !env.CI,
    stderr,
  };
}
