import { type FleetLine, isPlanned } from "../model/fleet.ts";
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

/**
 * 3 where a system could not be planned; with --fail-on exhaustion 1 where a resource runs out, and 4 where one could not
 * be sized, as it might be the one that does. A plan that sized nothing at all is never 0.
 */
export function exitCodeOfPlans(lines: readonly FleetLine[], failOn: "exhaustion" | undefined): number {
  const planned = lines.filter(isPlanned);
  if (planned.length < lines.length) return EXIT.toolFailed;
  if (failOn && planned.some(({ exhausted }) => exhausted > 0)) return EXIT.fail;
  const isUnknown = planned.some(({ refused, tightest }) => refused > 0 && (failOn || tightest === null));
  return isUnknown ? EXIT.inconclusive : EXIT.pass;
}
