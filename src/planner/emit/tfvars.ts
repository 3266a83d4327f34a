import { z } from "zod";
import { ceilingOf, defineEmitter, findLine, headOf } from "./emitter.ts";

const Params = z.record(
  z.string().regex(/^[a-z_][a-z0-9_]*$/, "a Terraform variable: lower-case letters, digits, underscores"),
  z
    .string()
    .regex(
      /^[a-z0-9-]+\.(recommended|ceiling|class)$|^\d+$/,
      "<resource>.recommended, .ceiling or .class, or a number",
    ),
);

/** Terraform variables under the operators' own names. */
export const tfvars = defineEmitter<z.infer<typeof Params>>({
  describes: "plan.auto.tfvars: Terraform variables under the operators' names",
  params: Params,
  reads: (params) =>
    Object.values(params).flatMap((from) => (/^\d/.test(from) ? [] : [from.split(".")[0] as string])),
  emit(params, context) {
    const values = Object.entries(params).map(([variable, from]) => {
      const [resource = "", field] = from.split(".");
      if (field === undefined) return { variable, value: from, line: null };
      const line = findLine(context, resource);
      const value =
        line === null
          ? null
          : field === "class"
            ? JSON.stringify((line.recommendedName ?? "").replace(/^\d+ × /, ""))
            : String(field === "ceiling" ? ceilingOf(context, line) : line.recommended);
      return { variable, value, line };
    });
    if (values.some(({ value }) => value === null || value === '""' || value === "null")) return null;
    const lines = [...new Set(values.flatMap(({ line }) => (line ? [line] : [])))];
    const width = Math.max(...values.map(({ variable }) => variable.length));
    return {
      name: "plan.auto.tfvars",
      text: `${[...headOf(context, lines), ...values.map(({ variable, value }) => `${variable.padEnd(width)} = ${value}`)].join("\n")}\n`,
    };
  },
});
