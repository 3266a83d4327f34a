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
  readonly oneOf?: readonly Node[];
  /** Of a record: what each of its values is. */
  readonly additionalProperties?: Node | boolean;
}

const PUBLISHED: readonly [string, Node][] = [
  ...Object.entries(FORMATS).map(([name, { schema, io }]): [string, Node] => [
    name,
    z.toJSONSchema(schema, { io }) as Node,
  ]),
  ...Object.entries(sizers).map(([name, { params }]): [string, Node] => [
    `sizer ${name}`,
    z.toJSONSchema(params, { io: "input" }) as Node,
  ]),
];

describe("published formats", () => {
  it.each(Object.entries(FORMATS))(
    "docs/schemas/%s.json says what the code takes and gives",
    async (name, { schema, io }) => {
      const text = JSON.stringify(z.toJSONSchema(schema, { io }), null, 2);
      await expect(`${text}\n`).toMatchFileSnapshot(`../docs/schemas/${name}.schema.json`);
    },
  );

  it.each(PUBLISHED)("every field of %s says what it is", (_, schema) => {
    const silent = fields(schema)
      .filter(({ node }) => !node.description?.trim())
      .map(({ path }) => path);
    expect(silent, "give them a .describe(…) that the code bears out").toEqual([]);
  });

  it("docs/formats.md lists every field", async () => {
    const sections = Object.entries(FORMATS).map(([name, { title, about, schema, io }]) => {
      const rows = fields(z.toJSONSchema(schema, { io }) as Node).map(rowOf);
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
        ...fields(z.toJSONSchema(params, { io: "input" }) as Node).map(rowOf),
        "",
      ].join("\n"),
    );
    const sizing = `## Sizers\n\nWhat \`with\` takes, by \`sizer\`. Quantities are written with their unit: \`2GiB\`, \`70%\`, \`250m\`.\n\n${parameters.join("\n")}`;
    const head =
      "# File formats\n\nGenerated from the definitions the code itself reads and writes with. Formats are versioned by their `schema` field:\nfields may be added, never renamed. Quantiles are fractions, times UTC ISO 8601, durations ms.\n\n";
    await expect(`${head}${sections.join("\n")}\n${sizing}`).toMatchFileSnapshot("../docs/formats.md");
  });
});

interface Field {
  readonly path: string;
  readonly isOptional: boolean;
  readonly node: Node;
}

/** Every field of a file, depth first; one that only some kinds of an object have is optional. */
function fields(node: Node, path = ""): Field[] {
  const kinds = kindsOf(node);
  const names = [...new Set(kinds.flatMap(({ properties = {} }) => Object.keys(properties)))];
  return names.flatMap((name) => {
    const isOptional = kinds.some(({ required }) => !required?.includes(name));
    const field = together(kinds.flatMap(({ properties }) => properties?.[name] ?? []));
    const here = `${path ? `${path}.` : ""}${name}${isListOfObjects(field) ? "[]" : ""}`;
    return [{ path: here, isOptional, node: field }, ...fields(field, here), ...fieldsOfRecord(field, here)];
  });
}

/** A field of several kinds of an object; it says what it is only if it does in all of them. */
function together(nodes: readonly Node[]): Node {
  const [first] = nodes;
  if (first !== undefined && nodes.length === 1) return first;
  const about = nodes.map(({ description }) => description ?? "");
  return { anyOf: nodes, description: about.includes("") ? "" : [...new Set(about)].join(" ") };
}

function fieldsOfRecord(node: Node, path: string): Field[] {
  const values = node.additionalProperties;
  return typeof values === "object" ? fields(values, `${path}.<name>`) : [];
}

/** The objects that a node may be, or that a list of it may hold. */
function kindsOf(node: Node): Node[] {
  if (node.properties) return [node];
  return [...(node.items ? [node.items] : []), ...variantsOf(node)].flatMap(kindsOf);
}

const variantsOf = ({ anyOf = [], oneOf = [] }: Node): Node[] => [...anyOf, ...oneOf];

const isListOfObjects = (node: Node): boolean =>
  (node.items !== undefined && kindsOf(node.items).length > 0) || variantsOf(node).some(isListOfObjects);

const rowOf = ({ path, isOptional, node }: Field): string =>
  `| \`${path}\`${isOptional ? " (optional)" : ""} | ${typeOf(node)} | ${aboutOf(node)} |`;

/** A default that is an object or a list says nothing in a table. */
function aboutOf({ description = "", default: value }: Node): string {
  const about = description.replaceAll("|", "\\|");
  if (value === undefined || typeof value === "object") return about;
  return `${about}${about ? " " : ""}Default: ${String(value)}.`;
}

function typeOf(node: Node): string {
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  const variants = variantsOf(node);
  if (variants.length > 0) return [...new Set(variants.map(typeOf))].join(" or ");
  if (node.type === "array")
    return node.items?.type && !node.items.properties ? `list of ${typeOf(node.items)}` : "list";
  return typeof node.type === "string" ? node.type : (node.type?.join(" or ") ?? "any");
}
