import { z } from "zod";
import { GIB, parseQuantity, QUANTITY_EXAMPLES, type Unit } from "../../model/unit.ts";

/** Beyond these a figure is a slip of the finger, whatever it is of. */
const MOST = { bytes: 1024 ** 2 * GIB, cores: 100_000, rate: 1e9, seconds: 86_400 * 365, whole: 1_000_000 };

/** A quantity as people write it, in its unit's own scale. Nothing and less is never a size. */
function quantity(
  unit: Unit,
  isRight: (value: number) => boolean,
  example = `${QUANTITY_EXAMPLES[unit]}, above 0`,
) {
  const message = `write it like ${example}`;
  return z.union([z.string(), z.number()], { error: message }).transform((text, context) => {
    const value = parseQuantity(text, unit);
    if (value !== null && Number.isFinite(value) && isRight(value)) return value;
    context.addIssue({ code: "custom", message, input: text });
    return z.NEVER;
  });
}

const upTo = (most: number) => (value: number) => value > 0 && value <= most;

export const bytes = quantity("bytes", upTo(MOST.bytes));
export const cores = quantity("cores", upTo(MOST.cores));
export const rate = quantity("per-second", upTo(MOST.rate));
export const seconds = quantity("seconds", upTo(MOST.seconds));
/** More than nothing, at most all. */
export const share = quantity("ratio", upTo(1), "70%, above 0% and at most 100%");
/** Some, never all. */
export const lessThanAll = quantity(
  "ratio",
  (value) => value > 0 && value < 1,
  "10%, above 0% and below 100%",
);
export const whole = z.number().int().positive().max(MOST.whole);
export const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);

/** What a container asks for or may take. */
export const Amounts = z.strictObject({
  cpu: cores.optional().describe("CPU of one container: 250m or 2."),
  memory: bytes.optional().describe("Memory of one container: 512MiB."),
});
