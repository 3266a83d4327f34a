import { straddles } from "../model/criterion.ts";
import type { JudgedCriterion } from "../model/verdict.ts";

/**
 * Whether the whole 95% interval lies on one side of the limit. A statistic without an interval is what it is, and a
 * regression says itself when it cannot be told.
 */
export function isDecided({ kind, interval, operator, limit }: JudgedCriterion): boolean {
  if (interval === null || kind === "regression") return true;
  return !straddles({ operator, value: limit }, interval);
}
