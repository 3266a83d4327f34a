/** A setting of a managed server; `static` ones wait for a restart. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly isStatic?: boolean;
}

/**
 * A parameter group for Terraform's AWS provider: a managed PostgreSQL or Redis has no configuration file of its own
 * (`aws_db_parameter_group`, `aws_elasticache_parameter_group`).
 */
export function renderParameterGroup(
  resource: "aws_db_parameter_group" | "aws_elasticache_parameter_group",
  given: { readonly name: string; readonly family: string; readonly parameters: readonly Parameter[] },
): string {
  const quoted = (text: string) => JSON.stringify(text).replaceAll("${", "$${").replaceAll("%{", "%%{");
  const block = ({ name, value, isStatic }: Parameter) => [
    "",
    "  parameter {",
    ...aligned("    ", [
      ["name", quoted(name)],
      ["value", quoted(value)],
      ...(isStatic ? [["apply_method", quoted("pending-reboot")] as const] : []),
    ]),
    "  }",
  ];
  return [
    `resource "${resource}" "${given.name.replaceAll("-", "_")}" {`,
    ...aligned("  ", [
      ["name", quoted(given.name)],
      ["family", quoted(given.family)],
    ]),
    ...given.parameters.flatMap(block),
    "}",
    "",
  ].join("\n");
}

/** Equals signs below each other, as `terraform fmt` has them. */
function aligned(indent: string, pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([key]) => key.length));
  return pairs.map(([key, value]) => `${indent}${key.padEnd(width)} = ${value}`);
}
