import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Backtest } from "../src/model/backtest.ts";
import { RunResult } from "../src/model/run.ts";
import { Verdict } from "../src/model/verdict.ts";
import { ThresholdsFile } from "../src/systems/thresholds-schema.ts";

/** The published formats; `npx vitest run test/docs.test.ts -u` writes them anew. */
const FORMATS: Record<string, { title: string; about: string; schema: z.ZodType; io: "input" | "output" }> = {
  thresholds: {
    title: "thresholds/<system>.yaml",
    about: "The criteria of a system. Unknown keys are errors.",
    schema: ThresholdsFile,
    io: "input",
  },
  run: {
    title: "run.json",
    about: "What a run was asked and what it measured.",
    schema: RunResult,
    io: "output",
  },
  verdict: {
    title: "verdict.json, gate --json, judge --json",
    about: "The judgement of a run.",
    schema: Verdict,
    io: "output",
  },
  backtest: {
    title: "backtest --json",
    about: "How well forecasts would have met what came after.",
    schema: Backtest,
    io: "output",
  },
};

interface Node {
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

describe("published formats", () => {
  it.each(Object.entries(FORMATS))(
    "docs/schemas/%s.json says what the code takes and gives",
    async (name, { schema, io }) => {
      const text = JSON.stringify(z.toJSONSchema(schema, { io }), null, 2);
      await expect(`${text}\n`).toMatchFileSnapshot(`../docs/schemas/${name}.schema.json`);
    },
  );

  it("docs/formats.md lists every field", async () => {
    const sections = Object.entries(FORMATS).map(([name, { title, about, schema, io }]) => {
      const rows = fields(z.toJSONSchema(schema, { io }) as Node);
      return [
        `## ${title}`,
        "",
        `${about} Schema: [${name}.schema.json](schemas/${name}.schema.json).`,
        "",
        "| field | type | |",
        "|---|---|---|",
        ...rows,
        "",
      ].join("\n");
    });
    const head =
      "# File formats\n\nGenerated from the definitions the code itself reads and writes with. Formats are versioned by their `schema` field:\nfields may be added, never renamed. Quantiles are fractions, times UTC ISO 8601, durations ms.\n\n";
    await expect(head + sections.join("\n")).toMatchFileSnapshot("../docs/formats.md");
  });
});

function fields(node: Node, path = ""): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const here = path ? `${path}.${name}` : name;
    const optional = node.required?.includes(name) ? "" : " (optional)";
    const inner = field.items?.properties
      ? field.items
      : (field.anyOf ?? []).find((one) => one.properties || one.items?.properties);
    const below = inner?.items?.properties ? inner.items : inner;
    const suffix = field.items?.properties || inner?.items?.properties ? "[]" : "";
    return [
      `| \`${here}${suffix}\`${optional} | ${typeOf(field)} | ${(field.description ?? "").replaceAll("|", "\\|")} |`,
      ...fields(field.properties ? field : (below ?? {}), here + suffix),
    ];
  });
}

function typeOf(node: Node): string {
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (node.anyOf) return node.anyOf.map(typeOf).join(" or ");
  if (node.type === "array")
    return node.items?.type && !node.items.properties ? `list of ${typeOf(node.items)}` : "list";
  return node.type ?? "any";
}
