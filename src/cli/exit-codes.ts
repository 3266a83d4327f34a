import type { Verdict } from "../model/verdict.ts";

/** The only exit codes there are. */
export const EXIT = {
  pass: 0,
  fail: 1,
  badInput: 2,
  toolFailed: 3,
  inconclusive: 4,
  interrupted: 130,
} as const;

export function exitCodeOf(verdict: Verdict): number {
  return verdict.interrupted ? EXIT.interrupted : EXIT[verdict.status];
}
