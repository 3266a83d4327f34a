import { z } from "zod";
import { InputError, type Problem } from "../model/problem.ts";
import { parseYaml, problemsOf } from "./read-yaml.ts";

/**
 * Every figure of a system's guide, and where it stands in our files. `[figure, place]`: the place is
 * `profiles/x.yaml :: text` (the first line with that text; several with ` && `), or `- reason` why it is not used.
 */
const FiguresFile = z.strictObject({
  system: z.string().min(1),
  guide: z.string().min(1),
  sections: z
    .array(
      z.strictObject({
        section: z.string().min(1),
        figures: z.array(z.tuple([z.string().min(1), z.string().min(3)])).min(1),
      }),
    )
    .min(1),
});

interface Place {
  readonly file: string;
  readonly line: number;
}

/** The page of a system's figures; a figure that is no longer where it is said to be is an InputError. */
export function renderFigures(text: string, file: string, read: (file: string) => string): string {
  const yaml = parseYaml(text, file);
  const parsed = FiguresFile.safeParse(yaml.raw, { reportInput: true });
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, file, yaml.lineOf));
  const { system, guide, sections } = parsed.data;
  const problems: Problem[] = [];
  const lines = new Map<string, string[]>();
  const find = (place: string, at: PropertyKey[]): Place[] =>
    place.split(" && ").flatMap((one) => {
      const [where = "", what = ""] = one.split(" :: ");
      if (!lines.has(where)) lines.set(where, read(where).split("\n"));
      const index = (lines.get(where) ?? []).findIndex((candidate) => candidate.includes(what.trim()));
      if (index >= 0) return [{ file: where, line: index + 1 }];
      problems.push({
        file,
        line: yaml.lineOf(at) ?? 0,
        message: `${where} has no line with ${JSON.stringify(what)}`,
        remedy: "Say where the figure stands now, or why it is not used",
      });
      return [];
    });
  const rows = sections.flatMap(({ section, figures }, index) =>
    figures.map(([figure, place], row) => {
      const isUnused = place.startsWith("- ");
      const places = isUnused ? [] : find(place, ["sections", index, "figures", row]);
      return { section, figure, places, reason: isUnused ? place.slice(2) : null };
    }),
  );
  if (problems.length > 0) throw new InputError(problems);
  const used = rows.filter(({ reason }) => reason === null).length;
  const cell = (words: string) => words.replaceAll("|", "\\|").replaceAll("<", "&lt;");
  return [
    `# ${system}: the figures of its guide`,
    "",
    `Generated from [${system}.yaml](${system}.yaml); \`npx vitest run test/systems/figures.test.ts -u\` writes it anew. "Guide" is the operators' ${guide}.`,
    `Of its ${rows.length} figures ${used} stand in our files; each other one has the reason why it does not.`,
    "",
    "| section | figure | where |",
    "|---|---|---|",
    ...rows.map(
      ({ section, figure, places, reason }) =>
        `| ${cell(section)} | ${cell(figure)} | ${reason === null ? places.map(linkTo).join(", ") : `not used: ${cell(reason)}`} |`,
    ),
    "",
  ].join("\n");
}

const linkTo = ({ file, line }: Place) => `[${file}:${line}](../../${file}#L${line})`;
