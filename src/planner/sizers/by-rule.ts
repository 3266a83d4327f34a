import { z } from "zod";
import { formatNumber } from "../../model/unit.ts";
import { name, whole } from "./params.ts";
import { applyRule, operatorsRuleOf, Rule } from "./rule.ts";
import { defineSizer, isRefused } from "./sizer.ts";

const Params = z.strictObject({
  demand: name.describe("Signal that the rule is applied to."),
  current: whole.describe("Units that run today."),
  rule: Rule.describe("Units by demand, as the operators write it down."),
  unit: z.string().min(1).describe("Unit of the recommendation, such as replicas."),
  what: z.string().min(1).describe("What is short: read replicas, workers."),
});

/** A documented rule and nothing else, rounded up: for what no signal shows. */
export const byRule = defineSizer<z.infer<typeof Params>>({
  describes: "the operators' rule alone, rounded up: read replicas and what else no signal measures",
  params: Params,
  reads: ({ demand }) => ({ signals: [demand] }),
  size({ demand, current, rule, unit, what }, context) {
    const path = context.demand(demand);
    if (isRefused(path)) return path;
    const need = (level: number) => Math.ceil(applyRule(rule, level) - 1e-9);
    return {
      unit,
      current,
      drivers: [
        {
          name: what,
          levels: path,
          need,
          evidence: "rule",
          capacity: { value: rule.each / rule.gives, unit: `${path.unit} each`, source: "documented" },
          why: [
            `${formatNumber(rule.gives)} per ${formatNumber(rule.each)} of ${demand}, at least ${formatNumber(rule.atLeast)}, rounded up: ${formatNumber(path.p90.at(-1) as number)} at p90 of the horizon`,
          ],
        },
      ],
      choose: (value) => ({ value: Math.ceil(value - 1e-9), name: null }),
      operatorsRule: operatorsRuleOf(rule, path.operators, demand),
    };
  },
});
