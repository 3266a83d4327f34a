import { z } from "zod";
import { parseQuantity, QUANTITY_EXAMPLES, type Unit } from "../../model/unit.ts";

/** A quantity as people write it, in its unit's own scale. */
function quantity(
  unit: Unit,
  isRight: (value: number) => boolean = (value) => value >= 0,
  example = QUANTITY_EXAMPLES[unit],
) {
  const message = `write it like ${example}`;
  return z.union([z.string(), z.number()], { error: message }).transform((text, context) => {
    const value = parseQuantity(text, unit);
    if (value !== null && isRight(value)) return value;
    context.addIssue({ code: "custom", message, input: text });
    return z.NEVER;
  });
}

export const bytes = quantity("bytes");
export const cores = quantity("cores");
export const rate = quantity("per-second");
export const seconds = quantity("seconds");
/** More than nothing, at most all. */
export const share = quantity("ratio", (value) => value > 0 && value <= 1, "70%, above 0% and at most 100%");
export const whole = z.number().int().positive();
export const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
