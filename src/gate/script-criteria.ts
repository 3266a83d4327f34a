import { findBoundFlaw } from "../model/bound-flaw.ts";
import type { ClientCriterion, Operator } from "../model/criterion.ts";
import { formatStatistic, parseStatistic } from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import { parseSelector } from "../model/selector.ts";
import { unitOfMetric } from "../model/unit.ts";
import type { JudgedCriterion } from "../model/verdict.ts";

export interface ScriptCriteria {
  readonly criteria: readonly ClientCriterion[];
  /** Judged by the engine alone. */
  readonly judged: readonly JudgedCriterion[];
  readonly notices: readonly string[];
}

/**
 * Thresholds a user's own script declares, as gate criteria: they are judged by Headroom's rules, so that one
 * without samples is no pass. Of what the engine accepts and this does not understand the engine's "failed" is a failure
 * and its "passed" no evidence.
 */
export function scriptCriteria(run: RunResult): ScriptCriteria {
  const criteria: ClientCriterion[] = [];
  const judged: JudgedCriterion[] = [];
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
    else judged.push(judgedByEngine(run.engine.name, selector, expression, ok));
  }
  return { criteria, judged, notices };
}

function judgedByEngine(engine: string, selector: string, expression: string, ok: boolean): JudgedCriterion {
  return {
    id: `${selector} ${expression}`,
    kind: "client",
    metric: selector,
    where: "script",
    stat: expression,
    unit: "number",
    operator: "<=",
    limit: 0,
    severity: "gate",
    observed: null,
    samples: 0,
    status: ok ? "no-data" : "fail",
    interval: null,
    note: ok
      ? `the expression is not understood, and that ${engine} says it passed is no evidence`
      : `${engine} says it failed; the expression is not understood`,
    why: "a threshold of the script itself",
  };
}

function parseThreshold(selector: string, expression: string): ClientCriterion | null {
  const parts = /^\s*(p\(([\d.]+)\)|[a-z]+)\s*(<=|>=|<|>|===?)\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*$/.exec(
    expression,
  );
  if (!parts) return null;
  const stat = parseStatistic(parts[2] === undefined ? (parts[1] as string) : `p${parts[2]}`);
  const bound = stat && toBound(parts[3] as string, Number(parts[4]), stat.kind);
  if (!stat || !bound) return null;
  return {
    kind: "client",
    id: `${selector} ${expression}`,
    ...parseSelector(selector),
    phase: null,
    stat,
    bound,
    severity: "gate",
    abortAfterMs: null,
    shapes: null,
    why: "a threshold of the script itself",
  };
}

/** `count==0` and `rate==1` are the ends of what there can be, and a bound each; another equality is none. */
function toBound(operator: string, value: number, stat: string): ClientCriterion["bound"] | null {
  if (!operator.startsWith("==")) return { operator: operator as Operator, value };
  if (value === 0 && (stat === "count" || stat === "rate")) return { operator: "<=", value };
  return value === 1 && stat === "rate" ? { operator: ">=", value } : null;
}
