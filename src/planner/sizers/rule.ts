import { z } from "zod";
import type { OperatorsRule } from "../../model/forecast-demand.ts";
import { formatNumber } from "../../model/unit.ts";

/** "One instance per 500 requests/s, at least two", as operators write it down. */
export const Rule = z.strictObject({
  each: z.number().positive().max(1e15).describe("Demand, in its signal's unit, that the next field is for."),
  gives: z.number().positive().max(1e9).default(1).describe("Units of the resource."),
  atLeast: z.number().nonnegative().max(1e9).default(0).describe("Fewest units, whatever the demand."),
  rounding: z
    .enum(["up", "down", "down-plus-one", "whole-each", "none"])
    .default("up")
    .describe(
      "As the operators round; `whole-each`: only whole multiples of `each` count. Headroom itself rounds up.",
    ),
});
export type Rule = z.infer<typeof Rule>;

/** Units by the rule, rounded up whatever the operators do. */
export const applyRule = ({ each, gives, atLeast }: Rule, level: number): number =>
  Math.max(atLeast, (level / each) * gives);

const ROUND: Record<Rule["rounding"], { apply: (value: number) => number; write: (text: string) => string }> =
  {
    up: { apply: Math.ceil, write: (text) => `⌈${text}⌉` },
    down: { apply: Math.floor, write: (text) => `⌊${text}⌋` },
    "down-plus-one": { apply: (value) => Math.floor(value) + 1, write: (text) => `⌊${text}⌋ + 1` },
    "whole-each": { apply: (value) => value, write: (text) => text },
    none: { apply: (value) => value, write: (text) => text },
  };

/** The rule as the operators apply it, on the level they foresee. */
export function operatorsRuleOf(rule: Rule, level: number | null, demand: string): OperatorsRule {
  const { apply, write } = ROUND[rule.rounding];
  const times = rule.gives === 1 ? "" : `${formatNumber(rule.gives)} × `;
  const isWhole = rule.rounding === "whole-each";
  const ratio = `${demand} / ${formatNumber(rule.each)}`;
  const inner = write(`${times}${isWhole ? `⌊${ratio}⌋` : ratio}`);
  const formula = rule.atLeast > 0 ? `max(${formatNumber(rule.atLeast)}, ${inner})` : inner;
  if (level === null) return { value: null, formula };
  return {
    value: Math.max(
      rule.atLeast,
      apply((isWhole ? Math.floor(level / rule.each) : level / rule.each) * rule.gives),
    ),
    formula: `${formula} with ${demand} = ${formatNumber(level)}`,
  };
}
