/** One thing wrong with what a person gave: where it is, what stands there, what would be right. */
export interface Problem {
  readonly file: string;
  /** 1-based; absent when the file itself is the problem. */
  readonly line?: number;
  /** Path inside the file, such as `client[2].max`. */
  readonly path?: string;
  readonly message: string;
  readonly remedy: string;
}

/** Bad input: every problem at once. Exit code 2. */
export class InputError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "InputError";
    this.problems = problems;
  }

  /** A problem with what was said on the command line. */
  static option(message: string, remedy: string): InputError {
    return new InputError([{ file: "command line", message, remedy }]);
  }
}

/** Something Headroom relies on did not work: k6, Prometheus, the target. Exit code 3. */
export class ToolError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ToolError";
    this.remedy = remedy;
  }
}

/** The person stopped it before there was anything to keep. Exit code 130. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted before the load began");
    this.name = "Interrupted";
  }
}

/** `thresholds/x.yaml:12 client[2].max: "5 parsecs" is not a duration. Write …` */
export function formatProblem(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  const path = problem.path ? ` ${problem.path}` : "";
  return `${place}${path}: ${problem.message}. ${problem.remedy}`;
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
