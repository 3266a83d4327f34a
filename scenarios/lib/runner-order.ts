/** What one of several generators is told; pure, so that who gives the order and who reads its result share it. */

/** A limit on the duration of answers; null: of every endpoint, of every phase. */
export interface DurationLimit {
  readonly endpoint: string | null;
  readonly phase: string | null;
  readonly operator: "<=" | "<" | ">=" | ">";
  readonly ms: number;
}

/** What the answers beyond a limit are counted under: the limit itself, so that another one never takes its count. */
export function limitKey({ endpoint, phase, operator, ms }: DurationLimit): string {
  return `${endpoint ?? "all"} ${phase ?? "whole"} ${operator} ${ms}ms`;
}

/** HEADROOM_RUN, as JSON: what `headroom export` gives every generator of a run. */
export interface RunnerOrder {
  /** Labels of the mark that a generator sets when it begins. */
  readonly labels: Readonly<Record<string, string>>;
  readonly limits: readonly DurationLimit[];
}
