import { findBoundFlaw } from "../model/bound-flaw.ts";
import type { ClientCriterion, Operator } from "../model/criterion.ts";
import { formatStatistic, parseStatistic } from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import { parseSelector } from "../model/selector.ts";
import { unitOfMetric } from "../model/unit.ts";

/**
 * Thresholds a user's own script declares, as gate criteria: they are judged by Headroom's rules, so that one
 * without samples is no pass. What k6 accepts and this does not understand keeps k6's answer as a notice.
 */
export function scriptCriteria(run: RunResult): { criteria: ClientCriterion[]; notices: string[] } {
  const criteria: ClientCriterion[] = [];
  const notices: string[] = [];
  for (const { criterion, selector, expression, ok } of run.engineThresholds) {
    if (criterion !== null) continue;
    const parsed = parseThreshold(selector, expression);
    const unit = parsed && unitOfMetric(parsed.metric, formatStatistic(parsed.stat));
    if (parsed && unit && findBoundFlaw(parsed.bound, unit) !== null)
      notices.push(
        `the script's threshold ${selector} ${expression} decides nothing (it holds, or breaks, whatever happens) and is left out`,
      );
    else if (parsed) criteria.push(parsed);
    else
      notices.push(
        `the script's threshold ${selector} ${expression} is not understood; ${run.engine.name} says it ${ok ? "passed" : "failed"}`,
      );
  }
  return { criteria, notices };
}

function parseThreshold(selector: string, expression: string): ClientCriterion | null {
  const parts = /^\s*(p\(([\d.]+)\)|[a-z]+)\s*(<=|>=|<|>)\s*(-?[\d.]+)\s*$/.exec(expression);
  if (!parts) return null;
  const stat = parseStatistic(parts[2] === undefined ? (parts[1] as string) : `p${parts[2]}`);
  if (!stat) return null;
  return {
    kind: "client",
    id: `${selector} ${expression}`,
    ...parseSelector(selector),
    phase: null,
    stat,
    bound: { operator: parts[3] as Operator, value: Number(parts[4]) },
    severity: "gate",
    abortAfterMs: null,
    shapes: null,
    why: "a threshold of the script itself",
  };
}
