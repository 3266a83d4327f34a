import Table from "cli-table3";

/** A table without lines. */
const PARTS =
  "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle";
const BARE = Object.fromEntries(PARTS.split(" ").map((part) => [part, ""]));

export type Align = "left" | "right";

export function table(head: string[], rows: string[][], aligned: Align[]): string {
  const made = new Table({
    head,
    colAligns: aligned,
    chars: BARE,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2, compact: true },
  });
  made.push(...rows);
  return made
    .toString()
    .split("\n")
    .map((line) => `  ${line.trimEnd()}`)
    .join("\n");
}

export type Paint = (text: string) => string;
const ansi =
  (open: number, close: number): Paint =>
  (text) =>
    `\u001b[${open}m${text}\u001b[${close}m`;
const plain: Paint = (text) => text;

/** Colours, or none. */
export function paints(color: boolean) {
  const pick = (paint: Paint): Paint => (color ? paint : plain);
  return {
    red: pick(ansi(31, 39)),
    green: pick(ansi(32, 39)),
    yellow: pick(ansi(33, 39)),
    bold: pick(ansi(1, 22)),
    dim: pick(ansi(2, 22)),
  };
}

/** Breaks a sentence between words; a word longer than the line stands alone. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A Markdown table; numeric columns are set to the right. */
export function markdownTable(
  head: string[],
  rows: string[][],
  isNumeric: (name: string) => boolean,
): string[] {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((name) => (isNumeric(name) ? "---:" : "---"))), ...rows.map(line)];
}
