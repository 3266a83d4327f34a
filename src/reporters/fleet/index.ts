import { type Fleet, type FleetLine, isPlanned } from "../../model/fleet.ts";
import type { RenderedFile } from "../report.ts";
import { stripControls, escapeMarkdown as text } from "../safe-text.ts";
import { markdownTable, paints, table } from "../table.ts";

const HEAD = ["system", "tightest", "early", "likely", "order by", "what to do"];

function cells(line: FleetLine): string[] {
  if (!isPlanned(line)) return [line.system, "not planned", "", "", "", line.failed];
  const { system, tightest, early, likely, orderBy, action, refused } = line;
  const unsized = refused > 0 ? `${refused} not sized` : "";
  return [
    system,
    tightest ?? "nothing sized",
    early ?? "–",
    likely ?? "–",
    orderBy ?? "–",
    [action, unsized].filter(Boolean).join("; ") || "suffices",
  ];
}

export function fleetSentence({ systems }: Fleet): string {
  const planned = systems.filter(isPlanned);
  const short = planned.filter(({ early }) => early !== null);
  const failed = systems.length - planned.length;
  const first = short[0];
  return [
    `${short.length} of ${systems.length} systems run out within their horizon`,
    ...(first ? [`${first.system} first (${first.tightest}, ${first.early})`] : []),
    ...(failed > 0 ? [`${failed} could not be planned`] : []),
  ].join("; ");
}

/** The fleet for a person at a terminal. */
export function renderFleetTerminal(fleet: Fleet, { color }: { color: boolean }): string {
  const { red, green, yellow, bold, dim } = paints(color);
  const mark = (line: FleetLine) =>
    !isPlanned(line) || line.tightest === null ? yellow("?") : line.early === null ? green("✓") : red("✗");
  const lines = [
    "",
    bold(fleetSentence(fleet)),
    "",
    table(
      ["", ...HEAD].map((name) => dim(name)),
      fleet.systems.map((line) => [mark(line), ...cells(line)]),
      ["left", "left", "left", "left", "left", "left", "left"],
    ),
  ];
  return `${stripControls(lines.join("\n"), color)}\n`;
}

/** fleet.json and fleet.md. */
export function renderFleetFiles(fleet: Fleet): RenderedFile[] {
  const titled = HEAD.map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}`);
  const markdown = [
    "# Fleet",
    "",
    `${text(fleetSentence(fleet))}.`,
    "",
    ...markdownTable(
      titled,
      fleet.systems.map((line) => cells(line).map(text)),
      () => false,
    ),
    "",
  ].join("\n");
  return [
    { name: "fleet.json", text: `${JSON.stringify(fleet, null, 2)}\n` },
    { name: "fleet.md", text: markdown },
  ];
}
