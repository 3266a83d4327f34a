import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Backtest } from "../src/model/backtest.ts";
import { Capacity } from "../src/model/capacity.ts";
import { Comparison, PlanComparison } from "../src/model/comparison.ts";
import { Fleet } from "../src/model/fleet.ts";
import { History } from "../src/model/history.ts";
import { Plan } from "../src/model/plan.ts";
import { RunResult } from "../src/model/run.ts";
import { Verdict } from "../src/model/verdict.ts";
import { CatalogueFile } from "../src/planner/catalogue.ts";
import { ProfileFile } from "../src/planner/profile/profile-schema.ts";
import { sizers } from "../src/planner/sizers/index.ts";
import { ThresholdsFile } from "../src/systems/thresholds-schema.ts";

/** The published formats; `npx vitest run test/docs.test.ts -u` writes them anew. */
const FORMATS: Record<string, { title: string; about: string; schema: z.ZodType; io: "input" | "output" }> = {
  thresholds: {
    title: "thresholds/<system>.yaml",
    about: "The criteria of a system. Unknown keys are errors.",
    schema: ThresholdsFile,
    io: "input",
  },
  profile: {
    title: "profiles/<system>.yaml",
    about: "What runs today, which PromQL shows it, how it is sized. `with` is the sizer's own, see below.",
    schema: ProfileFile,
    io: "input",
  },
  catalogue: {
    title: "profiles/catalogue/*.yaml",
    about: "Instance classes that plans choose from.",
    schema: CatalogueFile,
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
  comparison: {
    title: "comparison.json, compare --json",
    about: "Two sets of runs, statistic by statistic.",
    schema: Comparison,
    io: "output",
  },
  "plan-comparison": {
    title: "compare --json of plans",
    about: "Two plans, and how the older one's forecast did.",
    schema: PlanComparison,
    io: "output",
  },
  plan: {
    title: "plan.json, plan --json",
    about: "Demand, forecast and sizing of a system.",
    schema: Plan,
    io: "output",
  },
  fleet: {
    title: "fleet.json, plan --all --json",
    about: "A line for every system: who runs out first.",
    schema: Fleet,
    io: "output",
  },
  history: {
    title: "The file of snapshot",
    about: "What Prometheus knew, to plan from it anywhere and again.",
    schema: History,
    io: "output",
  },
  capacity: {
    title: "capacity.json",
    about: "What instances were measured to take; read by `plan --capacity`.",
    schema: Capacity,
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
  readonly type?: string | readonly string[];
  readonly default?: unknown;
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
    const parameters = Object.entries(sizers).map(([name, { describes, params }]) =>
      [
        `### ${name}`,
        "",
        `${describes[0]?.toUpperCase()}${describes.slice(1)}.`,
        "",
        "| parameter | type | |",
        "|---|---|---|",
        ...fields(z.toJSONSchema(params, { io: "input" }) as Node),
        "",
      ].join("\n"),
    );
    const sizing = `## Sizers\n\nWhat \`with\` takes, by \`sizer\`. Quantities are written with their unit: \`2GiB\`, \`70%\`, \`250m\`.\n\n${parameters.join("\n")}`;
    const head =
      "# File formats\n\nGenerated from the definitions the code itself reads and writes with. Formats are versioned by their `schema` field:\nfields may be added, never renamed. Quantiles are fractions, times UTC ISO 8601, durations ms.\n\n";
    await expect(`${head}${sections.join("\n")}\n${sizing}`).toMatchFileSnapshot("../docs/formats.md");
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
      `| \`${here}${suffix}\`${optional} | ${typeOf(field)} | ${aboutOf(field)} |`,
      ...fields(field.properties ? field : (below ?? {}), here + suffix),
    ];
  });
}

/** A default that is an object or a list says nothing in a table. */
function aboutOf({ description = "", default: value }: Node): string {
  const about = description.replaceAll("|", "\\|");
  if (value === undefined || typeof value === "object") return about;
  return `${about}${about ? " " : ""}Default: ${String(value)}.`;
}

function typeOf(node: Node): string {
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (node.anyOf) return node.anyOf.map(typeOf).join(" or ");
  if (node.type === "array")
    return node.items?.type && !node.items.properties ? `list of ${typeOf(node.items)}` : "list";
  return typeof node.type === "string" ? node.type : (node.type?.join(" or ") ?? "any");
}
